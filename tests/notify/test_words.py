"""Times as people say them, templates in both languages, and what strangers type into them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import copytree

import pytest

from services.notify.adapters.texts import (
    FOLDER,
    SAMPLE_CITY,
    SAMPLE_SPAN,
    TEMPLATES,
    TemplateBroken,
    TemplateWords,
    sample_party,
)
from services.notify.domain.times import spoken_age, spoken_date, spoken_span
from services.notify.domain.values import Span
from services.notify.domain.wording import masked, one_line

WORDS = TemplateWords()
ZONE = "America/Los_Angeles"


def span(month: int, day: int, hour: int, minute: int) -> Span:
    opens = datetime(2026, month, day, hour, minute, tzinfo=UTC)
    return Span(opens, opens + timedelta(minutes=30))


@pytest.mark.parametrize(
    ("window", "zone", "english", "spanish"),
    [
        (span(8, 5, 2, 10), ZONE, "7:10–7:40 pm", "7:10–7:40 p. m."),
        (span(8, 5, 18, 40), ZONE, "11:40 am–12:10 pm", "11:40 a. m.–12:10 p. m."),
        (span(11, 1, 8, 45), ZONE, "1:45–1:15 am", "1:45–1:15 a. m."),
        (span(8, 5, 4, 45), ZONE, "9:45–10:15 pm", "9:45–10:15 p. m."),
        (span(8, 5, 2, 10), "America/Chicago", "9:10–9:40 pm", "9:10–9:40 p. m."),
    ],
)
def test_windows_are_said_in_the_citys_time(
    window: Span, zone: str, english: str, spanish: str
) -> None:
    assert spoken_span(window, zone, "en") == english
    assert spoken_span(window, zone, "es") == spanish


def test_dates_are_said_in_the_hosts_language() -> None:
    evening = datetime(2026, 8, 5, 2, tzinfo=UTC)
    assert spoken_date(evening, ZONE, "en") == "Tuesday, August 4"
    assert spoken_date(evening, ZONE, "es") == "martes 4 de agosto"


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0.4, "now"), (59, "59 s ago"), (61, "1 min ago"), (7300, "2 h ago"), (180_000, "2 days ago")],
)
def test_ages_are_short(seconds: float, said: str) -> None:
    assert spoken_age(seconds) == said


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("channel", ["sms", "email"])
@pytest.mark.parametrize("template", TEMPLATES)
def test_every_text_begins_with_the_programme_and_leaves_nothing_open(
    template: str, channel: str, language: str
) -> None:
    said = WORDS.compose(template, channel, SAMPLE_CITY, sample_party(language), SAMPLE_SPAN)
    assert said.body.startswith("Sample Night Out")
    assert said.language == language
    assert "https://example.org/p/sample" in said.body or (template, channel) == ("thanks", "sms")
    for text in (said.subject, said.body, said.html):
        assert "{{" not in text
        assert "None" not in text
    assert bool(said.subject) == (channel == "email") == bool(said.html)


def test_both_languages_are_complete() -> None:
    assert WORDS.languages == ("en", "es")
    assert WORDS.missing() == []


def test_an_english_text_costs_no_more_than_it_must() -> None:
    said = WORDS.compose("window", "sms", SAMPLE_CITY, sample_party("en"), SAMPLE_SPAN)
    assert said.body.isascii()


@pytest.mark.parametrize(
    ("wanted", "had"), [("es-MX", "es"), ("ES_us", "es"), ("vi", "en"), ("", "en")]
)
def test_a_language_that_is_not_had_falls_back_to_english(wanted: str, had: str) -> None:
    said = WORDS.compose("window", "sms", SAMPLE_CITY, sample_party(wanted), SAMPLE_SPAN)
    assert said.language == had


def test_a_missing_translation_falls_back_and_is_listed(tmp_path: Path) -> None:
    folder = copytree(FOLDER, tmp_path / "templates")
    (folder / "es" / "window.sms.txt").unlink()
    words = TemplateWords(folder)
    said = words.compose("window", "sms", SAMPLE_CITY, sample_party("es"), SAMPLE_SPAN)
    assert said.language == "en"
    assert words.missing() == ["es/window (sms)"]


@pytest.mark.parametrize(
    "broken", ["{{ unheard_of }}", "{% if %}", "{{ ''.__class__.__mro__ }}", "{{ host.name.x }}"]
)
def test_a_template_that_does_not_render_is_refused_at_the_start(
    tmp_path: Path, broken: str
) -> None:
    folder = copytree(FOLDER, tmp_path / "templates")
    (folder / "es" / "window.sms.txt").write_text(broken)
    with pytest.raises(TemplateBroken, match=r"es/window \(sms\)"):
        TemplateWords(folder)


def test_a_missing_english_template_is_refused_at_the_start(tmp_path: Path) -> None:
    folder = copytree(FOLDER, tmp_path / "templates")
    (folder / "en" / "window.email.txt").unlink()
    with pytest.raises(TemplateBroken, match=r"window \(email\) is missing"):
        TemplateWords(folder)


def test_a_template_has_a_version_that_changes_with_its_words(tmp_path: Path) -> None:
    folder = copytree(FOLDER, tmp_path / "templates")
    (folder / "en" / "window.sms.txt").write_text("{{ programme }}: {{ window }} {{ link }}")
    party = sample_party("en")
    before = WORDS.compose("window", "sms", SAMPLE_CITY, party, SAMPLE_SPAN)
    after = TemplateWords(folder).compose("window", "sms", SAMPLE_CITY, party, SAMPLE_SPAN)
    assert before.version != after.version


def test_typed_html_is_escaped_in_html_and_plain_in_plain() -> None:
    party = replace(sample_party("en"), name='<script>alert("x")</script>', host_name="A & B")
    said = WORDS.compose("received", "email", SAMPLE_CITY, party, None)
    assert "<script>" not in said.html
    assert "&lt;script&gt;" in said.html
    assert "A &amp; B" in said.html
    assert '<script>alert("x")</script>' in said.body


def test_typed_template_code_stays_text() -> None:
    party = replace(sample_party("en"), name="{{ 7 * 7 }}{% raw %}")
    said = WORDS.compose("received", "sms", SAMPLE_CITY, party, None)
    assert "{{ 7 * 7 }}{% raw %}" in said.body


def test_a_host_without_a_name_is_greeted_without_one() -> None:
    party = replace(sample_party("en"), host_name="", name="")
    said = WORDS.compose("received", "email", SAMPLE_CITY, party, None)
    assert "Hello,\n" in said.body
    assert "100 block of Maple Street" in said.body


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Ana\r\nBcc: all@example.org", "Ana Bcc: all@example.org"),
        ("a\x00b\x1bc", "a b c"),
        ("  two\u2028lines\u2029here ", "two lines here"),
        ("\u202eevil\u202c", "evil"),
        ("Núñez 👩‍🚒 שלום", "Núñez 👩‍🚒 שלום"),
    ],
)
def test_a_name_is_one_line(typed: str, kept: str) -> None:
    assert one_line(typed) == kept


@pytest.mark.parametrize(
    ("channel", "to", "shown"),
    [
        ("email", "bea@example.org", "b…@example.org"),
        ("sms", "+16265550123", "+1 •••• 23"),
        ("sms", "+525512345678", "+52 •••• 78"),
        ("sms", "911", "••••"),
    ],
)
def test_addresses_are_masked(channel: str, to: str, shown: str) -> None:
    assert masked(channel, to) == shown
