"""The map the demo company works on: real US cities, grouped into invented territories.

One line a city: name | state | a ZIP of it | degrees north | degrees east | relative number of HCPs.
A line that starts with `=` opens a territory: = its id | its name. Places of the last block have none.
"""

from __future__ import annotations

TERRITORIES = """
= US_NE_BOS_1 | Boston
Boston | MA | 02114 | 42.36 | -71.06 | 6
Cambridge | MA | 02139 | 42.37 | -71.11 | 2
Quincy | MA | 02169 | 42.25 | -71.00 | 1
Lowell | MA | 01852 | 42.63 | -71.30 | 1
= US_NE_BOS_2 | Providence
Providence | RI | 02903 | 41.82 | -71.41 | 4
Worcester | MA | 01605 | 42.29 | -71.79 | 3
Fall River | MA | 02720 | 41.72 | -71.14 | 1
Warwick | RI | 02886 | 41.70 | -71.43 | 1
= US_NE_BOS_3 | Hartford
Hartford | CT | 06106 | 41.75 | -72.69 | 4
New Haven | CT | 06510 | 41.31 | -72.93 | 3
Springfield | MA | 01199 | 42.12 | -72.60 | 2
Stamford | CT | 06902 | 41.06 | -73.54 | 2
= US_NE_BOS_4 | Northern New England
Portland | ME | 04102 | 43.66 | -70.29 | 3
Manchester | NH | 03103 | 42.96 | -71.45 | 2
Burlington | VT | 05401 | 44.48 | -73.22 | 2
Bangor | ME | 04401 | 44.83 | -68.79 | 1
= US_NE_NYC_1 | Manhattan
New York | NY | 10032 | 40.84 | -73.94 | 7
New York | NY | 10016 | 40.75 | -73.98 | 3
Bronx | NY | 10467 | 40.87 | -73.87 | 2
= US_NE_NYC_2 | Brooklyn and Queens
Brooklyn | NY | 11203 | 40.65 | -73.93 | 5
Flushing | NY | 11355 | 40.75 | -73.82 | 3
Staten Island | NY | 10305 | 40.60 | -74.08 | 2
= US_NE_NYC_3 | Long Island
Mineola | NY | 11501 | 40.75 | -73.64 | 4
Huntington | NY | 11743 | 40.87 | -73.41 | 2
Bay Shore | NY | 11706 | 40.73 | -73.25 | 2
Riverhead | NY | 11901 | 40.93 | -72.66 | 1
= US_NE_NYC_4 | Albany
Albany | NY | 12208 | 42.65 | -73.80 | 4
Syracuse | NY | 13210 | 43.04 | -76.13 | 3
Rochester | NY | 14642 | 43.12 | -77.62 | 3
Buffalo | NY | 14203 | 42.87 | -78.87 | 3
= US_NE_PHI_1 | Philadelphia
Philadelphia | PA | 19104 | 39.96 | -75.20 | 6
Camden | NJ | 08103 | 39.94 | -75.11 | 2
Wilmington | DE | 19801 | 39.74 | -75.55 | 2
= US_NE_PHI_2 | North Jersey
Newark | NJ | 07103 | 40.74 | -74.20 | 4
Hackensack | NJ | 07601 | 40.89 | -74.05 | 3
Edison | NJ | 08820 | 40.58 | -74.36 | 2
Morristown | NJ | 07960 | 40.80 | -74.48 | 2
= US_NE_PHI_3 | Pittsburgh
Pittsburgh | PA | 15213 | 40.44 | -79.96 | 6
Erie | PA | 16502 | 42.11 | -80.10 | 1
Altoona | PA | 16601 | 40.53 | -78.40 | 1
Morgantown | WV | 26505 | 39.65 | -79.95 | 1
= US_NE_PHI_4 | Lehigh and Harrisburg
Allentown | PA | 18103 | 40.59 | -75.46 | 3
Harrisburg | PA | 17110 | 40.30 | -76.89 | 2
Lancaster | PA | 17603 | 40.03 | -76.33 | 2
Scranton | PA | 18503 | 41.41 | -75.67 | 2
= US_SO_WAS_1 | Washington
Washington | DC | 20010 | 38.93 | -77.03 | 5
Bethesda | MD | 20814 | 39.00 | -77.10 | 2
Fairfax | VA | 22030 | 38.85 | -77.31 | 2
Alexandria | VA | 22304 | 38.81 | -77.12 | 1
= US_SO_WAS_2 | Baltimore
Baltimore | MD | 21201 | 39.29 | -76.62 | 5
Towson | MD | 21204 | 39.41 | -76.62 | 2
Annapolis | MD | 21401 | 38.99 | -76.55 | 1
Frederick | MD | 21701 | 39.44 | -77.38 | 1
= US_SO_WAS_3 | Richmond
Richmond | VA | 23219 | 37.54 | -77.44 | 4
Charlottesville | VA | 22903 | 38.02 | -78.52 | 2
Roanoke | VA | 24014 | 37.23 | -79.94 | 2
= US_SO_WAS_4 | Norfolk
Norfolk | VA | 23507 | 36.86 | -76.30 | 4
Virginia Beach | VA | 23454 | 36.83 | -76.02 | 2
Newport News | VA | 23601 | 37.06 | -76.46 | 2
= US_SO_ATL_1 | Atlanta
Atlanta | GA | 30309 | 33.80 | -84.39 | 6
Marietta | GA | 30060 | 33.94 | -84.54 | 2
Augusta | GA | 30912 | 33.47 | -81.99 | 2
Macon | GA | 31201 | 32.83 | -83.65 | 1
= US_SO_ATL_2 | Charlotte
Charlotte | NC | 28203 | 35.21 | -80.86 | 5
Columbia | SC | 29203 | 34.06 | -81.03 | 2
Greenville | SC | 29605 | 34.80 | -82.40 | 2
Asheville | NC | 28801 | 35.60 | -82.56 | 1
= US_SO_ATL_3 | Raleigh
Raleigh | NC | 27607 | 35.80 | -78.69 | 4
Durham | NC | 27710 | 36.01 | -78.94 | 3
Winston-Salem | NC | 27103 | 36.07 | -80.31 | 3
Greensboro | NC | 27401 | 36.07 | -79.78 | 2
= US_SO_ATL_4 | Nashville
Nashville | TN | 37232 | 36.14 | -86.80 | 4
Knoxville | TN | 37920 | 35.92 | -83.88 | 2
Memphis | TN | 38103 | 35.15 | -90.06 | 2
Birmingham | AL | 35233 | 33.51 | -86.80 | 3
= US_SO_FLA_1 | Miami
Miami | FL | 33136 | 25.79 | -80.20 | 5
Fort Lauderdale | FL | 33316 | 26.10 | -80.13 | 3
Hialeah | FL | 33012 | 25.87 | -80.30 | 2
West Palm Beach | FL | 33401 | 26.71 | -80.06 | 2
= US_SO_FLA_2 | Tampa
Tampa | FL | 33606 | 27.93 | -82.46 | 5
Saint Petersburg | FL | 33701 | 27.77 | -82.64 | 2
Sarasota | FL | 34239 | 27.31 | -82.52 | 2
Fort Myers | FL | 33901 | 26.63 | -81.86 | 2
= US_SO_FLA_3 | Orlando
Orlando | FL | 32806 | 28.51 | -81.36 | 5
Kissimmee | FL | 34741 | 28.31 | -81.42 | 2
Melbourne | FL | 32901 | 28.07 | -80.62 | 2
Daytona Beach | FL | 32114 | 29.20 | -81.04 | 2
= US_SO_FLA_4 | Jacksonville
Jacksonville | FL | 32207 | 30.29 | -81.64 | 4
Gainesville | FL | 32608 | 29.61 | -82.39 | 2
Tallahassee | FL | 32308 | 30.48 | -84.22 | 1
Pensacola | FL | 32504 | 30.49 | -87.19 | 1
= US_CE_CHI_1 | Chicago North
Chicago | IL | 60611 | 41.89 | -87.62 | 5
Evanston | IL | 60201 | 42.05 | -87.69 | 2
Arlington Heights | IL | 60005 | 42.07 | -87.99 | 2
Rockford | IL | 61107 | 42.28 | -89.04 | 1
= US_CE_CHI_2 | Chicago South
Chicago | IL | 60637 | 41.78 | -87.60 | 4
Oak Lawn | IL | 60453 | 41.71 | -87.75 | 2
Naperville | IL | 60540 | 41.77 | -88.14 | 2
Gary | IN | 46402 | 41.60 | -87.34 | 1
= US_CE_CHI_3 | Milwaukee
Milwaukee | WI | 53226 | 43.05 | -88.04 | 4
Madison | WI | 53792 | 43.08 | -89.43 | 3
Green Bay | WI | 54301 | 44.48 | -88.02 | 1
Kenosha | WI | 53142 | 42.56 | -87.85 | 1
= US_CE_CHI_4 | Indianapolis
Indianapolis | IN | 46202 | 39.78 | -86.16 | 5
Fort Wayne | IN | 46804 | 41.05 | -85.24 | 2
South Bend | IN | 46601 | 41.67 | -86.25 | 1
Evansville | IN | 47710 | 38.01 | -87.57 | 1
= US_CE_DET_1 | Detroit
Detroit | MI | 48202 | 42.37 | -83.08 | 4
Ann Arbor | MI | 48109 | 42.29 | -83.72 | 3
Grand Rapids | MI | 49503 | 42.97 | -85.66 | 2
Lansing | MI | 48912 | 42.74 | -84.53 | 1
= US_CE_DET_2 | Cleveland
Cleveland | OH | 44106 | 41.51 | -81.61 | 6
Akron | OH | 44304 | 41.08 | -81.51 | 2
Youngstown | OH | 44504 | 41.12 | -80.65 | 1
Toledo | OH | 43606 | 41.67 | -83.61 | 1
= US_CE_DET_3 | Columbus
Columbus | OH | 43210 | 40.01 | -83.02 | 5
Dayton | OH | 45409 | 39.73 | -84.18 | 2
Mansfield | OH | 44903 | 40.76 | -82.52 | 1
Athens | OH | 45701 | 39.33 | -82.08 | 1
= US_CE_DET_4 | Cincinnati and Louisville
Cincinnati | OH | 45219 | 39.13 | -84.51 | 4
Louisville | KY | 40202 | 38.25 | -85.75 | 3
Lexington | KY | 40508 | 38.05 | -84.50 | 2
Charleston | WV | 25304 | 38.31 | -81.60 | 1
= US_CE_MSP_1 | Minneapolis
Minneapolis | MN | 55407 | 44.94 | -93.25 | 5
Saint Paul | MN | 55102 | 44.94 | -93.12 | 2
Rochester | MN | 55905 | 44.02 | -92.47 | 2
Duluth | MN | 55805 | 46.80 | -92.10 | 1
= US_CE_MSP_2 | Saint Louis
Saint Louis | MO | 63110 | 38.62 | -90.26 | 5
Springfield | MO | 65804 | 37.17 | -93.25 | 2
Columbia | MO | 65212 | 38.94 | -92.33 | 1
Springfield | IL | 62702 | 39.82 | -89.64 | 1
= US_CE_MSP_3 | Kansas City
Kansas City | MO | 64111 | 39.06 | -94.59 | 4
Overland Park | KS | 66210 | 38.92 | -94.70 | 2
Wichita | KS | 67214 | 37.70 | -97.31 | 2
Topeka | KS | 66606 | 39.06 | -95.71 | 1
= US_CE_MSP_4 | Omaha
Omaha | NE | 68198 | 41.26 | -95.98 | 4
Des Moines | IA | 50309 | 41.59 | -93.62 | 3
Lincoln | NE | 68506 | 40.78 | -96.64 | 1
Iowa City | IA | 52242 | 41.66 | -91.55 | 2
= US_WE_TEX_1 | Dallas
Dallas | TX | 75235 | 32.83 | -96.84 | 5
Fort Worth | TX | 76104 | 32.73 | -97.32 | 3
Plano | TX | 75093 | 33.03 | -96.80 | 2
Oklahoma City | OK | 73104 | 35.48 | -97.50 | 2
= US_WE_TEX_2 | Houston
Houston | TX | 77030 | 29.70 | -95.40 | 7
The Woodlands | TX | 77380 | 30.14 | -95.47 | 2
Galveston | TX | 77555 | 29.31 | -94.78 | 1
= US_WE_TEX_3 | San Antonio
San Antonio | TX | 78229 | 29.51 | -98.57 | 5
Corpus Christi | TX | 78404 | 27.77 | -97.40 | 1
McAllen | TX | 78503 | 26.17 | -98.24 | 2
El Paso | TX | 79905 | 31.77 | -106.43 | 1
= US_WE_TEX_4 | Austin
Austin | TX | 78705 | 30.29 | -97.74 | 4
Temple | TX | 76508 | 31.08 | -97.36 | 2
Waco | TX | 76710 | 31.54 | -97.19 | 1
Round Rock | TX | 78665 | 30.54 | -97.64 | 1
= US_WE_DEN_1 | Denver
Denver | CO | 80204 | 39.74 | -105.02 | 4
Aurora | CO | 80045 | 39.74 | -104.84 | 3
Colorado Springs | CO | 80907 | 38.88 | -104.82 | 2
Fort Collins | CO | 80524 | 40.60 | -105.03 | 1
= US_WE_DEN_2 | Phoenix
Phoenix | AZ | 85013 | 33.51 | -112.08 | 5
Mesa | AZ | 85206 | 33.40 | -111.72 | 2
Scottsdale | AZ | 85251 | 33.49 | -111.92 | 2
Tucson | AZ | 85719 | 32.25 | -110.95 | 2
= US_WE_DEN_3 | Salt Lake City
Salt Lake City | UT | 84132 | 40.77 | -111.84 | 4
Provo | UT | 84604 | 40.26 | -111.65 | 2
Ogden | UT | 84403 | 41.19 | -111.95 | 1
Las Vegas | NV | 89102 | 36.14 | -115.19 | 3
= US_WE_DEN_4 | Albuquerque
Albuquerque | NM | 87106 | 35.08 | -106.62 | 4
Santa Fe | NM | 87505 | 35.65 | -105.95 | 1
Lubbock | TX | 79430 | 33.59 | -101.89 | 2
Amarillo | TX | 79106 | 35.20 | -101.90 | 1
= US_WE_LAX_1 | Los Angeles
Los Angeles | CA | 90033 | 34.05 | -118.21 | 6
Pasadena | CA | 91105 | 34.14 | -118.16 | 2
Long Beach | CA | 90806 | 33.80 | -118.19 | 2
Torrance | CA | 90505 | 33.81 | -118.35 | 1
= US_WE_LAX_2 | San Diego
San Diego | CA | 92103 | 32.75 | -117.17 | 4
La Jolla | CA | 92037 | 32.84 | -117.27 | 2
Irvine | CA | 92618 | 33.66 | -117.74 | 2
Riverside | CA | 92501 | 33.99 | -117.37 | 2
= US_WE_LAX_3 | San Francisco
San Francisco | CA | 94143 | 37.76 | -122.46 | 4
Oakland | CA | 94609 | 37.83 | -122.26 | 2
San Jose | CA | 95128 | 37.32 | -121.94 | 2
Sacramento | CA | 95817 | 38.55 | -121.46 | 3
= US_WE_LAX_4 | Seattle
Seattle | WA | 98104 | 47.60 | -122.33 | 5
Tacoma | WA | 98405 | 47.25 | -122.47 | 2
Spokane | WA | 99204 | 47.64 | -117.43 | 1
Portland | OR | 97239 | 45.49 | -122.69 | 3
"""

NO_TERRITORY = """
Honolulu | HI | 96813 | 21.31 | -157.85 | 3
Anchorage | AK | 99508 | 61.20 | -149.81 | 2
Boise | ID | 83702 | 43.63 | -116.20 | 3
"""
