"""Views: one file is one page is one render(visit). A view names things and places them."""
