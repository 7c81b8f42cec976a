"""The hosts' form in words for staff, who enter for somebody else. The staff's form uses it.

The keys are the form's own sentences; what is not here reads the same for both.
"""

from collections.abc import Mapping

FOR_STAFF: Mapping[str, str] = {
    "Register your block party": "Take a party in by phone",
    "Change your party": "Change the party",
    "You, the host": "The host",
    "Your name": "The host’s name",
    "Please give a phone number or an e-mail address. Only the people who plan the evening see"
    " them.": "A phone number or an e-mail address; without one, give a reason below. Staff see"
    " them masked.",
    "Language for our messages": "Language for messages to the host",
    "Who would you like to meet?": "Whom would the host like to meet?",
    "Tick this if you only want to tell us about your party.": "The host only wants to tell the"
    " city about the party.",
    "What would you like information about?": "What would the host like information about?",
    "A team that visits you brings leaflets on these topics, where it has them.": "A team that"
    " visits brings leaflets on these topics, where it has them.",
    "That is all that we need. The rest helps us to plan the visit.": "That is all that is needed."
    " The rest helps to plan the visit.",
    "More, if you like": "More, if the host likes",
    "Please close the street for the party": "The host asks for the street to be closed",
    "The city decides, and your own page tells you what became of it.": "The city decides, and the"
    " host’s own page says what became of it.",
    "Neighbors see what it is called and on which block it is, and nothing about you.": "Neighbors"
    " see what it is called and on which block it is, and nothing about the host. Ask first.",
    "A visit cannot be promised: officers may be needed elsewhere.": "Please tell the host that a"
    " visit cannot be promised: officers may be needed elsewhere.",
    "I am not sure": "not known",
    "Which one do you mean? Or put the pin where the party is.": "Which one is meant? Or put the"
    " pin where the party is.",
    "We could not find this address. Please put the pin where the party is, or leave it: somebody"
    " will look the address up.": "This address was not found. Put the pin where the party is, or"
    " leave it: the party then waits under Places.",
    "The pin is where you put it.": "The pin is set.",
    "The address is looked up when you send the form.": "The address is looked up when the form is"
    " sent.",
    "Your position is filled in.": "The position is filled in.",
    "Your position could not be found.": "The position could not be found.",
    "Map with the pin of your party": "Map with the pin of the party",
    "None of these: please look it up for me": "None of these: the party then waits under Places",
    "{city} would also like to know": "Questions of {city}",
    "Please give your name.": "Please give the host’s name, or a reason below.",
    "Please give a phone number or an e-mail address, so that we can answer.": "Please give a phone"
    " number or an e-mail address, or a reason below.",
    "Please give a phone number to get text messages.": "Text messages need a phone number.",
    "Please choose the spot, or tell us that none of these fits.": "Please choose the spot, or that"
    " none of these fits.",
}


def for_staff(sentence: str) -> str:
    """The sentence as staff read it."""
    return FOR_STAFF.get(sentence, sentence)
