"""Pages of made-up studies for tests of their texts: rendered without a file or a picture, from few
replications."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html.parser import HTMLParser

from components.report import Page, Section
from components.report.findings import Findings, findings
from components.report.page import render
from components.report.speech_sections import SPEECH_SECTIONS
from components.study.results import StudyRecord

REPLICATIONS = 200


def findings_of(record: StudyRecord) -> Findings:
    """A study -> its findings, where no number is the subject of the test."""
    return findings(record, REPLICATIONS)


def page_of(record: StudyRecord, sections: Sequence[Section] = SPEECH_SECTIONS) -> Page:
    """A study -> all that its report shows."""
    return Page(findings_of(record), sections)


def html_of(
    record: StudyRecord,
    sections: Sequence[Section] = SPEECH_SECTIONS,
    attachments: Mapping[str, bytes] | None = None,
) -> str:
    """A study -> the HTML of its page."""
    return render(page_of(record, sections), attachments)


def text_of(record: StudyRecord, sections: Sequence[Section] = SPEECH_SECTIONS) -> str:
    """A study -> the words of its page."""
    return text(html_of(record, sections))


class Words(HTMLParser):
    """The text of a page, and the tags it opens."""

    def __init__(self, page):
        super().__init__()
        self.words, self.tags = [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.words.append(data)


def text(page: str) -> str:
    """The HTML of a page -> its words."""
    return " ".join("".join(Words(page).words).split())
