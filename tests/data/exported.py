"""Small exports of each layout, made here from its documented columns, with the traps that real ones hold."""

from __future__ import annotations

Files = dict[str, str]


def table(header: str, *rows: str) -> str:
    """A CSV file of a header and rows."""
    return "\n".join([header, *rows]) + "\n"


def long_id(short: str) -> str:
    """The 18-character form of a Salesforce id, by its public rule: five letters a character, capitals as bits."""
    bits = [
        sum(1 << at for at, letter in enumerate(short[start : start + 5]) if letter.isupper()) for start in (0, 5, 10)
    ]
    return short + "".join("ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"[value] for value in bits)


def _id(kind: str, number: int) -> str:
    return f"{kind}Xy{number:010d}"


ANN, BOB, CID, CLINIC = (_id("001", n) for n in range(1, 5))
REP, MSL, OFFICE = (_id("005", n) for n in range(1, 4))
CALL_TYPE, MAIL_TYPE, MEDICAL_MAIL, CONSENT_TYPE = (_id("012", n) for n in range(1, 5))
BRAND, BRAND_SAMPLE = _id("a00", 1), _id("a00", 2)
NATION, REGION, DISTRICT, NORTH, MED, MED_WEST, MED_ONE = (_id("0MI", n) for n in range(1, 8))


def _calls() -> tuple[str, ...]:
    """Ten rows: one alone, a group call of a header and two, one planned, one deleted, one of an MSL, two of nobody's
    type, one by fax and one on a day that there is not."""

    def row(n: int, who: str, user: str = REP, parent: str = "", status: str = "Submitted_vod", **more: str) -> str:
        day, channel = more.get("day", "2024-03-05"), more.get("channel", "In_Person_vod")
        deleted = more.get("deleted", "false")
        made = [_id("a04", n), deleted, CALL_TYPE, who, parent and _id("a04", int(parent)), status, day, "North One"]
        return ",".join([*made, user, channel, BRAND, f"{day}T18:00:00Z"])

    return (
        row(1, long_id(ANN)),
        row(2, "", channel="Video_vod"),
        row(3, ANN, parent="2", channel="Video_vod"),
        row(4, long_id(BOB), parent="2", channel="Video_vod"),
        row(5, BOB, status="Planned_vod"),
        row(6, BOB, deleted="TRUE"),
        row(7, CID, user=MSL),
        row(8, CID, user=OFFICE),
        row(9, CID, channel="Fax_vod"),
        row(10, CID, day="2024-02-30"),
    )


def veeva() -> Files:
    """Veeva CRM: three physicians, a clinic, a rep, an MSL, one of the office, and everything they did."""
    small = ("Id,IsDeleted,Call2_vod__c,Product_vod__c", lambda n, call: f"{n},0,{_id('a04', call)},{BRAND}")
    mails = [
        ("1", MAIL_TYPE, REP, "Delivered_vod", "1", "1", "2024-03-06"),
        ("1", MAIL_TYPE, REP, "Sent_vod", "0", "0", "2024-03-05"),  # an earlier version of the same mail
        ("2", MAIL_TYPE, REP, "Bounced_vod", "0", "0", "2024-03-06"),
        ("3", MAIL_TYPE, REP, "Marked_Spam_vod", "0", "0", "2024-03-06"),
        ("4", MEDICAL_MAIL, REP, "Delivered_vod", "1", "1", "2024-03-06"),
        ("5", MAIL_TYPE, MSL, "Delivered_vod", "1", "0", "2024-03-06"),
        ("6", MAIL_TYPE, REP, "Saved_vod", "0", "0", "2024-03-06"),
        ("7", _id("012", 9), REP, "Delivered_vod", "1", "1", "2024-03-06"),  # a record type nobody exported
    ]
    return {
        "RecordType.csv": table(
            "Id,DeveloperName,SobjectType",
            f"{CALL_TYPE},CallReport_vod,Call2_vod__c",
            f"{MAIL_TYPE},Call_vod,Sent_Email_vod__c",
            f"{MEDICAL_MAIL},Medical_Inquiry_vod,Sent_Email_vod__c",
            f"{CONSENT_TYPE},Approved_Email_vod,Multichannel_Consent_vod__c",
        ),
        "Product_vod__c.csv": table(
            "Id,Name,Product_Type_vod__c,Company_Product_vod__c",
            f"{BRAND},Alfa,Detail,1",
            f"{BRAND_SAMPLE},Alfa,Sample,1",
            f"{_id('a00', 3)},Rival,Detail,0",
        ),
        "Territory2.csv": table(
            "Id,Name,DeveloperName,ParentTerritory2Id",
            f"{NATION},Country,T1,",
            f"{REGION},East,T2,{long_id(NATION)}",
            f"{DISTRICT},North,T3,{REGION}",
            f"{long_id(NORTH)},North One,T4,{DISTRICT}",
            f"{MED},Medical,MED,",
            f"{MED_WEST},Medical West,M2,{MED}",
            f"{MED_ONE},MSL West,M3,{MED_WEST}",
        ),
        "User.csv": table(
            "Id,Name,User_Type_vod__c", f"{REP},Rae Rep,Sales", f"{long_id(MSL)},Mo Msl,MSL", f"{OFFICE},Oz Office,Home"
        ),
        "Account.csv": table(
            "Id,IsDeleted,IsPersonAccount,Name,NPI_vod__c,ME__c,Specialty_1_vod__c,Primary_Parent_vod__c,"
            "External_ID_vod__c,PDRP_Opt_Out_vod__c,PDRP_Opt_Out_Date_vod__c,SystemModstamp",
            f"{ANN},0,1,Ann Able,1000000004,00123456789,Cardiology,{long_id(CLINIC)},,1,2023-06-01,2024-04-01",
            f"{long_id(BOB)},false,TRUE,Bob Best,1000000012,,Neurology,,,0,,2024-04-01T00:00:00Z",
            f"{CID},0,true,Cid Cole,,,,,,false,,2024-04-01T00:00:00Z",
            f"{CLINIC},0,0,The Clinic,,,,,HCO-7,0,,2024-04-01T00:00:00Z",
            f"{_id('001', 5)},1,1,Gone Away,,,,,,0,,2024-04-01T00:00:00Z",
        ),
        "Address_vod__c.csv": table(
            "Id,Account_vod__c,City_vod__c,State_vod__c,Zip_vod__c,Primary_vod__c",
            f"{_id('a01', 1)},{long_id(ANN)},Boston,MA,02114,1",
            f"{_id('a01', 2)},{ANN},Elsewhere,MA,02115,0",
        ),
        "TSF_vod__c.csv": table(
            "Id,Account_vod__c,Territory_vod__c,My_Target_vod__c", f"{_id('a0T', 1)},{ANN},North One,1"
        ),
        "ObjectTerritory2Association.csv": table(
            "ObjectId,Territory2Id,AssociationCause",
            f"{ANN},{NORTH},Territory2Rule",
            f"{long_id(BOB)},{long_id(NORTH)},Territory2Manual",
            f"{CLINIC},{NORTH},Territory2Rule",
            f"{CID},{MED_ONE},Territory2Rule",
        ),
        "UserTerritory2Association.csv": table(
            "UserId,Territory2Id,RoleInTerritory2,IsActive",
            f"{REP},{NORTH},,true",
            f"{MSL},{MED_ONE},,1",
            f"{OFFICE},{NORTH},,0",
        ),
        "Call2_vod__c.csv": table(
            "Id,IsDeleted,RecordTypeId,Account_vod__c,Parent_Call_vod__c,Status_vod__c,Call_Date_vod__c,Territory_vod__c,"
            "User_vod__c,Call_Channel_vod__c,Product_Priority_1_vod__c,Submit_Timestamp_vod__c",
            *_calls(),
        ),
        "Call2_Detail_vod__c.csv": table(
            f"{small[0]},Detail_Priority_vod__c",
            *(f"{small[1](_id('a05', n), call)},1" for n, call in enumerate((1, 2, 3, 4, 5, 7))),
        ),
        "Call2_Key_Message_vod__c.csv": table(
            f"{small[0]},Key_Message_vod__c,Reaction_vod__c",
            *(
                f"{small[1](_id('a08', n), call)},{_id('a09', 1)},{reaction}"
                for n, (call, reaction) in enumerate(
                    [(1, "Positive_vod"), (1, "Neutral_vod"), (2, ""), (3, ""), (4, "Odd"), (7, "")]
                )
            ),
        ),
        "Key_Message_vod__c.csv": table("Id,Name,Product_vod__c", f"{_id('a09', 1)},Fewer stays,{BRAND}"),
        "Call2_Sample_vod__c.csv": table(
            "Id,Call2_vod__c,Account_vod__c,Product_vod__c,Call_Date_vod__c,Quantity_vod__c",
            f"{_id('a06', 1)},{_id('a04', 1)},{ANN},{BRAND_SAMPLE},2024-03-05,4",
            f"{_id('a06', 2)},{_id('a04', 3)},{ANN},{BRAND_SAMPLE},2024-03-05,2",
            f"{_id('a06', 3)},{_id('a04', 5)},{BOB},{BRAND_SAMPLE},2024-03-05,9",
        ),
        "Sent_Email_vod__c.csv": table(
            "Id,IsDeleted,SystemModstamp,RecordTypeId,Account_vod__c,User_vod__c,Product_vod__c,Email_Sent_Date_vod__c,"
            "Status_vod__c,Opened_vod__c,Last_Open_Date_vod__c,Clicked_vod__c,Last_Click_Date_vod__c",
            *(
                f"{_id('a07', int(n))},0,{stamp}T10:00:00Z,{kind},{ANN},{user},{BRAND},2024-03-05T09:00:00Z,"
                f"{status},{opened},{'2024-03-07T01:00:00Z' if opened == '1' else ''},"
                f"{clicked},{'2024-03-08T01:00:00Z' if clicked == '1' else ''}"
                for n, kind, user, status, opened, clicked, stamp in mails
            ),
        ),
        "Medical_Inquiry_vod__c.csv": table(
            "Id,Name,IsDeleted,CreatedDate,Account_vod__c,Assign_To_User_vod__c,Product__c,Inquiry_Text__c,Status_vod__c,"
            "Delivery_Method_vod__c",
            f'{_id("a0Q", 1)},MI-1,0,2024-03-05T09:52:00.000Z,{ANN},{MSL},Alfa,"Is it, ever?",Submitted_vod,Email_vod',
            f"{_id('a0Q', 2)},MI-2,0,2024-03-06T09:52:00.000Z,{BOB},{MSL},Alfa,Soon?,Closed_vod,Urgent_Mail_vod",
            f"{_id('a0Q', 3)},MI-3,0,2024-03-06T09:52:00.000Z,{BOB},{MSL},Alfa,Draft,Saved_vod,Email_vod",
        ),
        "Medical_Insight_vod__c.csv": table(
            "Id,OwnerId,Account_vod__c,Date_vod__c,Status_vod__c,Summary_vod__c",
            f"{_id('a0I', 1)},{MSL},{CID},2024-03-05,Submitted_vod,words",
            f"{_id('a0I', 2)},{MSL},{CID},2024-03-05,Saved_vod,words",
        ),
        "EM_Event_vod__c.csv": table(
            "Id,OwnerId,Start_Time_vod__c,Status_vod__c,Product_vod__c",
            f"{_id('a0E', 1)},{REP},2024-03-12T18:00:00Z,Closed_vod,{BRAND}",
            f"{_id('a0E', 2)},{MSL},2024-03-13T18:00:00Z,Closed_vod,",
        ),
        "EM_Attendee_vod__c.csv": table(
            "Id,Event_vod__c,Account_vod__c,Status_vod__c",
            f"{_id('a0D', 1)},{_id('a0E', 1)},{ANN},Attended_vod",
            f"{_id('a0D', 2)},{_id('a0E', 1)},{long_id(BOB)},Signed_vod",
            f"{_id('a0D', 3)},{_id('a0E', 1)},{CID},Invited_vod",
            f"{_id('a0D', 4)},{_id('a0E', 2)},{CID},Attended_vod",
            f"{_id('a0D', 5)},{_id('a0E', 1)},,Attended_vod",
        ),
        "Cycle_Plan_vod__c.csv": table(
            "Id,Name,Start_Date_vod__c,End_Date_vod__c,Territory_vod__c,Active_vod__c",
            f"{_id('a0C', 1)},Plan 2024Q1,2024-01-01,2024-03-31,North One,1",
            f"{_id('a0C', 2)},Plan 2023Q4,2023-10-01,2023-12-31,North One,0",
        ),
        "Cycle_Plan_Target_vod__c.csv": table(
            "Id,Cycle_Plan_vod__c,Cycle_Plan_Account_vod__c,Planned_Calls_vod__c",
            f"{_id('a0B', 1)},{_id('a0C', 1)},{ANN},6",
            f"{_id('a0B', 2)},{_id('a0C', 1)},{BOB},3",
            f"{_id('a0B', 3)},{_id('a0C', 2)},{BOB},30",
        ),
        "MC_Cycle_Plan_vod__c.csv": table(
            "Id,Name,Start_Date_vod__c,End_Date_vod__c,Territory_vod__c",
            f"{_id('a1P', 1)},Plan 2024Q2,2024-04-01,2024-06-30,North One",
        ),
        "MC_Cycle_Plan_Target_vod__c.csv": table(
            "Id,Cycle_Plan_vod__c,Target_vod__c", f"{_id('a1T', 1)},{_id('a1P', 1)},{ANN}"
        ),
        "MC_Cycle_Plan_Channel_vod__c.csv": table(
            "Id,Cycle_Plan_Target_vod__c,Channel_vod__c",
            f"{_id('a1C', 1)},{_id('a1T', 1)},Call2_vod",
            f"{_id('a1C', 2)},{_id('a1T', 1)},Sent_Email_vod",
        ),
        "MC_Cycle_Plan_Product_vod__c.csv": table(
            "Id,Cycle_Plan_Channel_vod__c,Cycle_Product_vod__c,Product_Activity_Goal_vod__c",
            f"{_id('a1R', 1)},{_id('a1C', 1)},{BRAND},5",
            f"{_id('a1R', 2)},{_id('a1C', 2)},{BRAND},50",
        ),
        "Time_Off_Territory_vod__c.csv": table(
            "OwnerId,Date_vod__c,Status_vod__c,Territory_vod__c",
            f"{REP},2024-03-18,Approved_vod,North One",
            f"{REP},2024-03-19,Submitted_vod,North One",
        ),
        "Multichannel_Consent_vod__c.csv": table(
            "Id,RecordTypeId,Account_vod__c,Opt_Type_vod__c,Capture_Datetime_vod__c,Opt_Expiration_Date_vod__c,"
            "Activity_Tracking_Mode_vod__c",
            f"{_id('a0M', 1)},{CONSENT_TYPE},{ANN},Opt_In_vod,2024-01-05T15:00:00Z,2025-01-05,Opt_In_vod",
            f"{_id('a0M', 2)},{CONSENT_TYPE},{long_id(BOB)},Opt_Out_vod,2024-01-06T15:00:00Z,,",
        ),
    }


def _renamed(text: str, name: str) -> str:
    """One object's export as Vault writes it: headers and picklist words by the stated rule, exceptions by hand."""
    head, _, rest = text.partition("\n")
    status = name.removesuffix(".csv").removesuffix("_vod__c").lower() + "_status__v"
    special = {
        "Id": "id", "Name": "name__v", "OwnerId": "ownerid__v", "RecordTypeId": "object_type__v",
        "IsPersonAccount": "ispersonaccount__v", "SystemModstamp": "modified_date__v", "CreatedDate": "created_date__v",
        "DeveloperName": "api_name__v", "ParentTerritory2Id": "parent_territory__v", "Territory2Id": "territory__v",
        "ObjectId": "account__v", "UserId": "user__v", "Product__c": "product__v", "State_vod__c": "state_province__v",
        "Status_vod__c": status,
    }  # fmt: skip
    columns = []
    for column in head.split(","):
        plain = column.removesuffix("_vod__c")
        by_rule = plain.lower() + "__v" if plain != column else column.removesuffix("__c").lower() + "__c"
        columns.append(special.get(column, by_rule if column.endswith("__c") else column))
    words = {f"{word}_vod": f"{word.lower()}__v" for word in _words(rest)} | {
        ",Sales": ",sales__v",
        ",MSL\n": ",msl__v\n",
    }
    words |= {CALL_TYPE: "call_report__v", MAIL_TYPE: "call__v", MEDICAL_MAIL: "medical_inquiry__v"}
    words |= {CONSENT_TYPE: "approved_email__v"}
    for old, new in words.items():
        rest = rest.replace(old, new)
    for number in range(1, 8):  # Vault's ids have one form, and so do the references to them
        for kind in ("001", "005", "0MI"):
            rest = rest.replace(long_id(_id(kind, number)), _id(kind, number))
    return ",".join(columns) + "\n" + rest


def _words(text: str) -> list[str]:
    cells = [cell for line in text.splitlines() for cell in line.split(",") if cell.endswith("_vod")]
    return [cell.removesuffix("_vod") for cell in dict.fromkeys(cells)]


def vault() -> Files:
    """The same company after its move to Vault CRM."""
    names = {
        "Account.csv": "account__v.csv", "User.csv": "user__sys.csv", "Territory2.csv": "territory__v.csv",
        "ObjectTerritory2Association.csv": "account_territory__v.csv",
        "UserTerritory2Association.csv": "user_territory__v.csv",
    }  # fmt: skip
    files = {name: text for name, text in veeva().items() if name != "RecordType.csv"}
    return {
        names.get(name, name.replace("_vod__c", "__v").lower()): _renamed(text, name) for name, text in files.items()
    }


def life_sciences_cloud() -> Files:
    """Salesforce Life Sciences Cloud: visits of the field and of medical, one of a group, one off-label detailing."""
    visits = [(1, ANN, "", "Submitted", NORTH), (2, "", "", "Completed", NORTH), (3, ANN, "2", "Completed", NORTH)]
    visits += [
        (4, long_id(BOB), "2", "Signed", NORTH),
        (5, BOB, "", "Planned", NORTH),
        (6, CID, "", "Completed", MED_ONE),
    ]
    visits += [(7, CID, "", "Completed", "")]
    return {
        "Territory2.csv": veeva()["Territory2.csv"],
        "HealthcareProvider.csv": table(
            "AccountId,Name,ProviderType,NationalProviderIdentifier",
            f"{ANN},Ann Able,Medical Doctor,1000000004",
            f"{BOB},Bob Best,Medical Doctor,1000000012",
            f"{CID},Cid Cole,Medical Doctor,",
        ),
        "ProviderAcctTerritoryInfo.csv": table(
            "AccountId,Territory2Id,IsActive,IsTargetedAccount",
            f"{ANN},{NORTH},True,True",
            f"{BOB},{long_id(NORTH)},True,False",
            f"{CID},{MED_ONE},False,True",
        ),
        "LifeSciMarketableProduct.csv": table("Id,Name,Type", f"{_id('a0P', 1)},Alfa,Brand"),
        "Visit.csv": table(
            "Id,AccountId,Channel,ParentVisitId,Status,PlannedVisitStartTime,ActualVisitStartTime,TerritoryId,OwnerId",
            *(
                f"{_id('0Z5', n)},{who},{'In-Person' if n % 2 else 'WhatsApp'},{parent and _id('0Z5', int(parent))},"
                f"{status},2024-03-05T09:00:00.000Z,{'2024-03-06T09:00:00.000Z' if n == 1 else ''},{where},{REP}"
                for n, who, parent, status, where in visits
            ),
        ),
        "ProviderVisit.csv": table(
            "Id,VisitId,IsConfirmed", *(f"{_id('0Zp', n)},{_id('0Z5', n)},False" for n in range(1, 8))
        ),
        "ProviderVisitProdDetailing.csv": table(
            "Id,ProviderVisitId,ProductId,Priority,IsOffLabel",
            *(
                f"{_id('0Zd', n)},{_id('0Zp', visit)},{_id('a0P', 1)},1,{off}"
                for n, (visit, off) in enumerate([(1, "False"), (3, "false"), (3, "True"), (5, "False"), (6, "False")])
            ),
        ),
        "MedicalInsight.csv": table(
            "Id,OwnerId,CreatedDate,Content,ChildMedicalInsightCount",
            f"{_id('0Zi', 1)},{MSL},2024-03-05T09:00:00.000Z,words,2",
        ),
        "MedicalInsightAccount.csv": table("MedicalInsightId,AccountId", f"{_id('0Zi', 1)},{CID}"),
        "CareProgram.csv": table("Id,Name,StartDate,Status", f"{_id('0cP', 1)},Study one,2024-01-01,Active"),
        "CareProgramSite.csv": table(
            "Id,Name,CareProgramId,ActualPtcpEnrollmentCount,ActlFirstPtcpEnrlDate,ActlLastPtcpEnrlDate",
            f"{_id('0cS', 1)},Site A,{_id('0cP', 1)},12,2024-02-01,2024-05-31",
            f"{_id('0cS', 2)},Site B,{_id('0cP', 1)},0,,",
            f"{_id('0cS', 3)},Site C,{_id('0cP', 1)},5,2024-03-01,",
        ),
    }


def weekly_wide() -> Files:
    """Weeks in columns: newest first in two deliveries, oldest first, and dated in the headers."""
    return {
        "newest_1.csv": table(
            "NPI,ME_Number,Product,Week_Ending,Delivered,TRx_Wk1,TRx_Wk2,TRx_Wk3,NRx_Wk1,NRx_Wk2,NRx_Wk3",
            "1000000004,,Alfa,2024-03-08,2024-03-15,1.5,2,,0.5,1,",
            "1000000012,,Alfa,2024-03-08,2024-03-15,4,,6,1,,2",
        ),
        "newest_2.csv": table(
            "NPI,ME_Number,Product,Week_Ending,Delivered,TRx_Wk1,TRx_Wk2,TRx_Wk3,NRx_Wk1,NRx_Wk2,NRx_Wk3",
            "1000000004,,Alfa,2024-03-15,2024-03-22,7,1.25,2,1,0.5,1",
            ",00123456789,Rival,2024-03-15,2024-03-22,0,3,,0,1,",
            ",,Rival,2024-03-15,2024-03-22,9,9,9,9,9,9",
        ),
        "oldest.csv": table(
            "NPI,Product,First_Week_Ending,TRx Week 1,TRx Week 2,TRx Week 10", "1000000020,Alfa,2024-01-05,1,2,10"
        ),
        "dated.csv": table("NPI,Product,TRx_2024-01-05,TRx_2024-01-12,TQTY_2024-01-12", "1000000038,Alfa,3,4,120"),
    }


def monthly_wide() -> Files:
    """Months in columns, across a year's end and a leap day."""
    return {
        "newest.csv": table("NPI,Product,Month,TRx_M1,TRx_M2,TRx_M3,NRx_M1", "1000000004,Alfa,2024-02,5,4,3.5,2"),
        "oldest.csv": table("NPI,Product,First_Month,TRx Month 1,TRx Month 14", "1000000012,Alfa,2023-01-01,1,14"),
        "dated.csv": table("NPI,Product,TRx 2023-12,TRx 2024-01,NBRx 2024-01", "1000000020,Alfa,,8,1"),
    }


def long_rx() -> Files:
    """One row a period, with payers, a restated week, and a physician known by ME number alone."""
    return {
        "weeks.csv": table(
            "NPI,ME_Number,Product,Payer,Week_Ending,Delivered,TRx,NRx",
            "1000000004,,Alfa,Plan A,2024-03-08,2024-03-15,3,1",
            "1000000004,,Alfa,Plan B,2024-03-08,2024-03-15,2.5,1",
            "1000000004,,Alfa,Plan A,2024-03-08,2024-03-22,4,1",
            ",00123456789,Alfa,Plan A,2024-03-08,2024-03-15,1,",
            ",,Alfa,Plan A,2024-03-08,2024-03-15,1,",
        ),
        "months.csv": table("NPI,Product,Month,TRx,NBRx", "1000000012,Alfa,2024-02,10,1", "1000000012,Rival,2024-02,,"),
        "spans.csv": table("NPI,Product,Period_Start,Period_End,TRx", "1000000020,Alfa,2024-01-01,2024-03-31,30"),
    }


def brick_sales() -> Files:
    """Packs by brick, outlet and ZIP; ids keep their zeros, and what no ZIP can be told for is a row of its own."""
    return {
        "bricks.csv": table(
            "Brick,Brick_Name,Territory,Product,Month,Units,Value",
            "007,North,T4,Alfa,2024-01,100,1200.50",
            "007,North,T4,Alfa,2024-02,90,1080",
            "008,South,,Alfa,2024-02,11,132",
        ),
        "outlets.csv": table(
            "Outlet,Outlet_Name,City,ZIP_Code,Product,Week_Ending,Units",
            "0042,Corner Pharmacy,Boston,02114,Alfa,2024-03-08,5",
            "0042,Corner Pharmacy,Boston,02114,Alfa,2024-03-15,6.5",
        ),
        "zips.csv": table("ZIP,Product,Week_Ending,Units", "02114,Alfa,2024-03-08,5", "ZNS,Alfa,2024-03-08,2"),
    }


def provider_level() -> Files:
    """Media events by person, one that matched nobody, and the spend sheet."""
    return {
        "events.csv": table(
            "npi,me,event_date,vendor,campaign_id,channel,event,qty,product",
            "1000000004,,2024-03-05,Vend,C1,Display,Impression,7,alfa",
            "1000000004,,2024-03-05,Vend,C1,Display,Click,1,alfa",
            ",00123456789,2024-03-05,Vend,C1,Banner,impressions,2,alfa",
            ",,2024-03-05,Vend,C1,Display,Impression,40,alfa",
            "1000000012,,2024-03-05,Vend,C1,Billboard,Impression,1,alfa",
        ),
        "spend.csv": table(
            "vendor,campaign_id,channel,month,amount,currency,product",
            "Vend,C1,display,2024-03,1000.25,usd,alfa",
            "Vend,C1,Banner,2024-03,10,usd,alfa",
        ),
    }


def marketing_cloud() -> Files:
    """Sends of two jobs to two people: one bounces, one opens three times and clicks twice."""
    keys = "JobID,ListID,BatchID,SubscriberID,SubscriberKey,EventDate"
    one, two = f"{{job}},7,1,501,{ANN}", "{job},7,1,502,1000000012"

    def rows(*what: tuple[str, int, str]) -> list[str]:
        return [f"{who.format(job=job)},{rest}" for who, job, rest in what]

    return {
        "_Job.csv": table("JobID,EmailName,EmailSubject", '91,Spring news,"Hello, you"', "92,Summer news,Hi"),
        "_Sent.csv": table(
            f"{keys},Domain",
            *rows(
                (one, 91, "3/5/2024 9:00:00 AM,x"),
                (two, 91, "3/5/2024 9:00:00 AM,x"),
                (one, 92, "12/6/2024 9:00:00 AM,x"),
            ),
        ),
        "_Open.csv": table(
            f"{keys},Domain,IsUnique",
            *rows(
                (one, 91, "3/6/2024 1:00:00 PM,x,1"),
                (one, 91, "3/6/2024 2:00:00 PM,x,0"),
                (one, 91, "3/7/2024 2:00:00 PM,x,False"),
            ),
        ),
        "_Click.csv": table(
            f"{keys},Domain,URL,IsUnique",
            *rows((one, 91, "3/6/2024 1:05:00 PM,x,http://a,1"), (one, 91, "3/6/2024 1:06:00 PM,x,http://b,0")),
        ),
        "_Bounce.csv": table(f"{keys},IsUnique,BounceCategory", *rows((two, 91, "3/5/2024 9:01:00 AM,1,Hard bounce"))),
        "_Unsubscribe.csv": table(f"{keys},IsUnique", *rows((one, 92, "12/6/2024 9:30:00 AM,1"))),
    }


def campaign_report() -> Files:
    """A Campaign Manager report with its title lines, its grand total, and a cost in dollars."""
    lines = ("Report Name,Brand report", "Date/Time Generated,4/2/24 3:00 PM", "", "Report Fields")
    rows = table(
        "Date,Advertiser,Campaign,Campaign ID,Placement,Creative Type,Impressions,Clicks,Media Cost,Currency",
        "2024-03-05,Us,Alfa HCP,77,Journal banner,Display,12000,14,240.5,USD",
        "2024-03-05,Us,Alfa HCP,77,Journal banner,In-stream Video,800,2,90,USD",
        "2024/03/06,Us,Alfa HCP,77,(not set),Display,1,0,0.02,USD",
        "Grand Total:,---,---,---,---,---,12801,16,330.52,USD",
    )
    return {"cm_report.csv": "\n".join(lines) + "\n" + rows}


def trial_management() -> Files:
    """Two sites of a study, with what was planned, is forecast and happened, by week."""
    metrics = [
        ("Enrolled", "Planned", "", "0.5"),
        ("Enrolled", "Forecast", "", "0.75"),
        ("Enrolled", "Actual", "", "1"),
    ]
    metrics += [
        ("Screened", "Actual", "", "3"),
        ("Screen Failed", "Actual", "Age", "2"),
        ("Levitated", "Actual", "", "9"),
    ]
    return {
        "Studies.csv": table(
            "Study,Study Title,Phase,Status,Enrollment Target,Start Date,Planned End of Enrollment",
            "S1,Calm,Phase 3,Recruiting,40,2024-01-01,2025-01-01",
        ),
        "Study_Sites.csv": table(
            "Study,Site Number,Site Name,Country,City,State,Postal Code,Latitude,Longitude,Status,Activated,"
            "Target Subjects,Planned Rate per Week,PI NPI",
            "S1,001,Clinic A,US,Boston,MA,02114,42.3,-71.0,Recruiting,2024-01-15,20,0.5,1000000004",
            "S1,002,Clinic B,US,Salem,MA,01970,42.5,-70.9,In Start-up,,20,0.5,",
        ),
        "Site_Metrics.csv": table(
            "Study,Site Number,Metric,Basis,Reason,Period Start,Period End,Value",
            *(
                f"S1,{site},{what},{basis},{reason},2024-03-{day:02},2024-03-{day + 6:02},{value}"
                for site in ("001", "002")
                for day in (2, 9)
                for what, basis, reason, value in metrics
            ),
        ),
    }


def part_d() -> Files:
    """Two years of Medicare Part D under the names of their columns then and now; a blank count is hidden, not zero."""
    now = "Prscrbr_NPI,Prscrbr_Last_Org_Name,Prscrbr_First_Name,Prscrbr_City,Prscrbr_State_Abrvtn,Prscrbr_Type,"
    now += "Prscrbr_Type_Src,Brnd_Name,Gnrc_Name,Tot_Clms,Tot_30day_Fills,Tot_Day_Suply,Tot_Drug_Cst,Tot_Benes"
    then = "npi,nppes_provider_last_org_name,nppes_provider_first_name,nppes_provider_city,nppes_provider_state,"
    then += "specialty_description,description_flag,drug_name,generic_name,bene_count,total_claim_count,"
    then += "total_30_day_fill_count,total_day_supply,total_drug_cost"
    return {
        "MUP_DPR_RY23_P04_V10_DY21_NPIBN.csv": table(
            now,
            "1000000004,Able,Ann,Boston,MA,Cardiology,S,Alfa,Alfanib,20,22.5,600,1000.5,15",
            "1000000004,Able,Ann,Boston,MA,Cardiology,S,Alfa,Alfanib er,11,11,330,500.25,",
            "1000000012,Best,Bob,Salem,MA,Neurology,S,Rival,Rivalol,12,12,360,99.99,",
        ),
        "PartD_Prescriber_PUF_NPI_Drug_17.txt": table(
            then, "1000000004,Able,Ann,Boston,MA,Cardiology,S,Alfa,Alfanib,,31,33,930,1500"
        ).replace(",", "\t"),
    }


def payments() -> Files:
    """Payments to physicians: meals, a fee, a hospital, somebody without an NPI, and a record that was changed."""
    head = "Change_Type,Covered_Recipient_Type,Covered_Recipient_NPI,Total_Amount_of_Payment_USDollars,Date_of_Payment,"
    head += "Number_of_Payments_Included_in_Total_Amount,Nature_of_Payment_or_Transfer_of_Value,Record_ID,Program_Year,"
    head += "Payment_Publication_Date,Name_of_Drug_or_Biological_or_Device_or_Medical_Supply_1"
    doctor, meal = "Covered Recipient Physician", "Food and Beverage"
    return {
        "OP_DTL_GNRL.csv": table(
            head,
            f"NEW,{doctor},1000000004,18.20,03/25/2024,1,{meal},9001,2024,06/30/2025,Alfa",
            f"CHANGED,{doctor},1000000004,18.20,03/25/2024,2,{meal},9001,2024,01/20/2026,Alfa",
            f"NEW,{doctor},1000000012,30.00,12/01/2024,3,{meal},9002,2024,06/30/2025,Alfa",
            f"NEW,{doctor},1000000012,3000,12/01/2024,1,Consulting Fee,9003,2024,06/30/2025,Alfa",
            f"NEW,{doctor},,12,12/01/2024,1,{meal},9004,2024,06/30/2025,Alfa",
            f"NEW,Covered Recipient Teaching Hospital,,500,12/01/2024,1,{meal},9005,2024,06/30/2025,Alfa",
        )
    }


# What each layout's export looks like, by the layout that reads it.
EXPORTS = {
    "veeva_crm": veeva, "vault_crm": vault, "salesforce_lsc": life_sciences_cloud, "rx_weekly_wide": weekly_wide,
    "rx_monthly_wide": monthly_wide, "rx_long": long_rx, "sales": brick_sales, "pld": provider_level,
    "sfmc": marketing_cloud, "campaign_manager": campaign_report, "ctms": trial_management, "cms_partd": part_d,
    "open_payments": payments,
}  # fmt: skip
