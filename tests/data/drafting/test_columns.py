"""Which column is which: each used once, a choice before a guess, and a file of nothing known is nobody's."""

from __future__ import annotations

from data.drafting.columns import guesses, likeliest
from data.mapping import load_mapping


def test_each_column_is_guessed_once_and_what_is_chosen_comes_first() -> None:
    found = guesses(["Call_Date_vod__c", "Account_vod__c"], ["CALL_DT", "Acct", "Other"], optional=["account_vod__c"])
    assert [(each.found, each.sure, each.optional) for each in found] == [
        ("CALL_DT", False, False),
        ("Acct", False, True),
    ]
    chosen = guesses(["Call_Date_vod__c", "Account_vod__c"], ["CALL_DT", "Acct"], chosen={"Call_Date_vod__c": "Acct"})
    assert [(each.found, each.confidence) for each in chosen] == [("Acct", 1.0), (None, 0.0)]
    assert guesses(["Id"], ["colour"])[0].found is None


def test_a_file_is_taken_for_the_source_that_it_is_most_like() -> None:
    crm = load_mapping("veeva_crm")
    product = likeliest(["ID", "Product Name", "Prod_Type"], [crm])
    assert product is not None and product[1].id == "product"
    assert likeliest(["a", "b"], [crm]) is None
