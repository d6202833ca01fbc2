"""What the page has in its slots: all that differs from reader to reader."""

from __future__ import annotations

from functools import partial

from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import Scope

from citadel.qa.page.account import render_account
from citadel.qa.page.answer import render_welcome
from citadel.qa.page.finding import render_finding
from citadel.qa.page.library import article_list, first_article, first_dates
from citadel.qa.page.link_preview import description
from citadel.qa.page.locales import Locale, script_words
from citadel.qa.page.localised import LocalisedPage, Slots
from citadel.qa.page.masthead import render_masthead
from citadel.qa.page.static_files import static_file
from citadel.qa.page.welcome import Welcome
from citadel.qa.service.accounts import visitor_of
from citadel.qa.service.live_index import ServedIndex
from citadel.qa.service.newsroom import Newsroom
from citadel.qa.service.roles import Role
from citadel.qa.service.service import Service


def filling(
    service: Service, welcome: Welcome, newsroom: Newsroom | None, *, adding: bool
) -> list[Middleware]:
    """Return what sends the page with its slots filled, compressed.

    With a ``newsroom`` they depend on who asks, too; without one, ``adding`` is as for
    ``page_slots``.
    """
    slots = (
        page_slots(service, welcome, adding=adding)
        if newsroom is None
        else partial(_personal_slots, service, welcome, newsroom)
    )

    def told(locale: Locale) -> str:
        articles = service.live_index.current.articles.all
        return description(welcome.in_language(locale.language), len(articles), locale)

    # Gradio compresses its assets, but not the page itself.
    compressed = Middleware(GZipMiddleware, minimum_size=1000)
    return [compressed, Middleware(LocalisedPage, slots=slots, told=told)]


def page_slots(
    service: Service, welcome: Welcome, *, adding: bool, removing: bool = False
) -> Slots:
    """Return what differs from reader to reader, and from snapshot to snapshot.

    With ``adding`` there are forms that send files and corrections to the API; with ``removing``
    articles can be removed and restored.
    """
    live_index = service.live_index

    def masthead(locale: Locale) -> str:
        forms = {"adding.html": adding, "correcting.html": adding, "removing.html": removing}
        offered = [static_file(name, locale) for name, is_there in forms.items() if is_there]
        return render_masthead(locale) + "".join(offered)

    return {
        "words": script_words,
        "masthead": masthead,
        "tabs": lambda locale: static_file("tabs.html", locale),
        "clippings": lambda locale: static_file("clippings.html", locale),
        "no-sources": lambda locale: static_file("no_sources.html", locale),
        "question": lambda locale: locale.say("Your question"),
        "hint": lambda locale: locale.say("Ask a question"),
        "ask": lambda locale: locale.say("Ask"),
        "stop": lambda locale: locale.say("Stop"),
        "welcome": lambda locale: _welcome(live_index.current, welcome, locale),
        "article": lambda locale: first_article(live_index.current, locale, service.originals),
        "finding": lambda locale: render_finding(locale=locale),
        "names": lambda locale: static_file("names_wanted.html", locale),
        "dates": lambda locale: first_dates(live_index.current, locale),
        "library": lambda locale: article_list(live_index.current.articles, locale),
    }


def _personal_slots(service: Service, welcome: Welcome, newsroom: Newsroom, scope: Scope) -> Slots:
    """Return what differs by who asks, too: only editors have the forms of editors."""
    visitor = visitor_of(scope)
    edits = visitor.may(Role.EDITOR) and newsroom.removals is not None
    signs_out = newsroom.login is not None
    return {
        **page_slots(service, welcome, adding=edits, removing=edits),
        "account": lambda locale: render_account(visitor, locale, signs_out=signs_out),
    }


def _welcome(served: ServedIndex, welcome: Welcome, locale: Locale) -> str:
    """Return the welcome in the language of the reader, if questions in it are understood."""
    own = welcome.in_language(locale.language)
    understood = all(served.answerer.reads(question) for question in own.questions)
    shown = own if understood else Welcome(own.about, welcome.questions)
    return render_welcome(shown, len(served.articles.all), locale)
