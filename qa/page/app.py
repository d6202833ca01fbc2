"""The web page, and how it is served with the API: the only module that uses Gradio.

The conversation is kept in the person's browser, not here. Every question comes with the earlier
ones, so a restarted server and a full one go on with the conversation that the person sees.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from citadel.index.errors import CitadelError
from citadel.qa.answer.answers import answer_record
from citadel.qa.page.desk import dates_asked_for, found_passages, listed_names, names_found
from citadel.qa.page.framework import api, gr
from citadel.qa.page.handlers import Reply, clean, questions, receipt, reply
from citadel.qa.page.library import article_asked_for, list_asked_for
from citadel.qa.page.lifespan import behind_middleware
from citadel.qa.page.link_preview import NAME
from citadel.qa.page.localised import slot
from citadel.qa.page.slots import filling
from citadel.qa.page.static_files import page_head
from citadel.qa.page.welcome import NO_WELCOME, Welcome
from citadel.qa.service.additions import Additions
from citadel.qa.service.connections import guard_connections
from citadel.qa.service.entrance import Entrance
from citadel.qa.service.feedback import FeedbackFile, default_feedback_file
from citadel.qa.service.listening import address_to_open, check_address, port_in_use
from citadel.qa.service.live_index import LiveIndex, ServedIndex
from citadel.qa.service.newsroom import Newsroom
from citadel.qa.service.passwords import PasswordHash
from citadel.qa.service.recent import Recent
from citadel.qa.service.request_log import log_failure
from citadel.qa.service.service import Service

_SESSIONS = 500
"""Of how many sessions an answer that was not fetched yet is kept."""

_QUIETLY: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
"""How the page calls the server: Gradio shows nothing of it, and offers it to nobody else."""

_FONT = [
    gr.themes.Font(name)
    for name in (
        "system-ui", "Segoe UI", "Roboto", "Noto Sans", "Noto Sans Arabic", "Geeza Pro", "Tahoma",
        "sans-serif",
    )
]  # fmt: skip


def build_page(
    service: Service, feedback: FeedbackFile | None = None, *, accounts: bool = False
) -> gr.Blocks:
    """Return the page: conversation and composer, and the sources next to them.

    With ``accounts`` it says who is signed in.

    Each request is answered from the served that is current when it comes. In place of texts it
    has the slots that ``filling`` fills for each reader.

    It offers one call to other programs, ``/ask``, which takes a question and the earlier
    questions of a conversation and returns the record of the answer.
    """
    reports = feedback or FeedbackFile(default_feedback_file())
    page = gr.Blocks(title=NAME, analytics_enabled=False, fill_width=True)
    with page:
        _html(slot("masthead"), "masthead", "window.citadel.languages(element);")
        if accounts:
            _html(slot("account"), "account")
        with gr.Row(elem_id="columns"):
            talk = _talk()
            parts = _panel()
        # Shows nothing: it hands each reply to the script, which puts it into the conversation.
        replied = _html(
            None,
            "reply",
            "watch('value', () => window.citadel.receive(props.value));"
            "window.citadel.reports((report) => trigger('like', report));",
            template="",
        )
        _answer_questions(service, talk, replied)
        _show_parts(service, parts)
        _take_reports(service, reports, replied)
        _offer_call(service)

    _find_names(service.live_index)
    page.queue(api_open=False, max_size=64, default_concurrency_limit=4)
    # Gradio would keep what nobody fetches, of 2,000 sessions and of all there ever were.
    page._queue.pending_messages_per_session = Recent(_SESSIONS)  # type: ignore[assignment]
    page._queue.pending_event_ids_session = Recent(2 * _SESSIONS)
    return page


@dataclass(frozen=True, slots=True)
class _Talk:
    """The conversation, and the composer under it."""

    conversation: gr.HTML
    question: gr.Textbox
    ask: gr.Button
    stop: gr.Button


def _talk() -> _Talk:
    with gr.Column(elem_id="talk", min_width=0):
        conversation = _html(
            slot("welcome"),
            "conversation",
            "window.citadel.converse(element, (question) => trigger('submit', question));",
        )
        with gr.Row(elem_id="composer"):
            question = gr.Textbox(
                label=slot("question"),
                placeholder=slot("hint"),
                elem_id="question",
                container=False,
                lines=1,
                max_lines=5,
            )
            ask = gr.Button(slot("ask"), elem_id="ask", variant="primary", min_width=0)
            stop = gr.Button(slot("stop"), elem_id="stop", min_width=0)
    return _Talk(conversation, question, ask, stop)


def _panel() -> tuple[gr.HTML, ...]:
    """Return what stands next to the conversation, behind tabs, as far as it changes."""
    with gr.Column(elem_id="panel", min_width=0):
        # Gradio's own tabs load late, and hide behind a menu where there is room for them.
        _html(slot("tabs"), "tabs", "window.citadel.tabs(element);")
        _html(slot("no-sources"), "sources", "window.citadel.list(element);")
        reading = _html(
            slot("article"),
            "reading",
            "window.citadel.read((about) => trigger('select', about), watch);",
        )
        finding = _html(slot("finding"), "finding", _asks("finding"))
        names = _html(slot("names"), "names", _asks("names"))
        dates = _html(slot("dates"), "dates", _asks("dates"))
        listed = _html(
            slot("library"),
            "library",
            "window.citadel.choose(element, (about) => trigger('select', about), watch);",
        )
        _html(slot("clippings"), "clippings", "window.citadel.listClippings();")
    return reading, finding, names, dates, listed


def _asks(part: str) -> str:
    """Return the script that lets a part of the panel ask for what it shows."""
    return f"window.citadel.desk('{part}', (wanted) => trigger('select', wanted), watch);"


def _answer_questions(service: Service, talk: _Talk, replied: gr.HTML) -> None:
    def reply_to(event: gr.EventData) -> Reply:
        return reply(service, event._data)

    talk.ask.click(None, js="() => window.citadel.ask()", api_visibility="private")
    talk.question.submit(None, js="() => window.citadel.ask()", api_visibility="private")
    asked = talk.conversation.submit(
        reply_to, outputs=replied, trigger_mode="multiple", **_QUIETLY, **_searching(service)
    )
    asked.failure(None, js="() => window.citadel.failed()", api_visibility="private")
    # Nothing is cancelled on the server: a search under way runs to its end all the same, and
    # Gradio would report the cancelled call as one that failed, after the next one was sent.
    talk.stop.click(None, js="() => window.citadel.stop()", api_visibility="private")


def _show_parts(service: Service, parts: tuple[gr.HTML, ...]) -> None:
    """Let each part of the panel show what is asked for there, as it is served then."""

    def article(served: ServedIndex, wanted: Any) -> str:
        return article_asked_for(served, wanted, service.originals)[0]

    def listed(served: ServedIndex, wanted: Any) -> str:
        return list_asked_for(served.articles, wanted)

    shown = (article, found_passages, listed_names, dates_asked_for, listed)
    for part, show in zip(parts, shown, strict=True):
        _show_in(part, show, service.live_index)


def _show_in(part: gr.HTML, show: Callable[[ServedIndex, Any], str], live_index: LiveIndex) -> None:
    def asked_for(event: gr.EventData) -> str:
        return show(live_index.current, event._data)

    part.select(asked_for, outputs=part, **_QUIETLY)


def _find_names(live_index: LiveIndex) -> None:
    """Find the names of what is served, in the background, before they are asked for."""

    def begin(served: ServedIndex) -> None:
        finder = served.answerer.finder
        threading.Thread(target=names_found, args=(finder,), daemon=True, name="names").start()

    begin(live_index.current)
    live_index.follow(begin)


def _take_reports(service: Service, reports: FeedbackFile, replied: gr.HTML) -> None:
    def receive_report(event: gr.EventData) -> Reply:
        return receipt(service, reports, event._data)

    replied.like(receive_report, outputs=replied, **_QUIETLY, **_searching(service))


def _offer_call(service: Service) -> None:
    def ask_service(question: str, history: list[str] | None = None) -> dict[str, Any]:
        """Answer a question with quoted sentences, or say that the sources don't answer."""
        return _record(service, question, history or [])

    api(ask_service, api_name="ask", **_searching(service))


def _searching(service: Service) -> dict[str, Any]:
    """Return how many calls that search are worked on at once, of all kinds together."""
    return {"concurrency_limit": service.limits.at_once, "concurrency_id": "search"}


def start(
    service: Service,
    host: str,
    port: int,
    welcome: Welcome = NO_WELCOME,
    feedback: FeedbackFile | None = None,
    password: PasswordHash | None = None,
    additions: Additions | None = None,
    entrance: Entrance | None = None,
    newsroom: Newsroom | None = None,
) -> gr.Blocks:
    """Begin to serve page and API in the background and return the page; ``close()`` ends it.

    Without an ``entrance`` it answers to its own address, believes no proxy, and has no prefix.
    Without a ``newsroom`` nobody has an account.

    Raises:
        CitadelError: The address can't be served; the message names it and the mend.

    """
    host = check_address(host, port)
    page = build_page(service, feedback, accounts=newsroom is not None)
    entrance = entrance or Entrance.of(host)
    lifespan = behind_middleware(
        partial(_inputs, page), service, password, additions, entrance, newsroom
    )
    middleware = filling(service, welcome, newsroom, adding=additions is not None)
    _launch(page, host, port, {"middleware": middleware, "lifespan": lifespan})
    assert page.server is not None
    guard_connections(page.server, service.limits)
    page.local_url = address_to_open(host, port)  # type: ignore[assignment]
    return page


def _launch(page: gr.Blocks, host: str, port: int, app_kwargs: dict[str, Any]) -> None:
    """Let Gradio serve the page in the background, and nothing besides.

    Raises:
        CitadelError: Something else listens at the port.

    """
    try:
        page.launch(
            # Gradio would make no address of what has colons, and takes brackets away.
            server_name=f"[{host}]" if ":" in host else host,
            server_port=port,
            # Not from the environment: requests bring it, see ``entrance``.
            root_path="",
            share=False,
            inbrowser=False,
            quiet=True,
            prevent_thread_lock=True,
            show_error=False,
            ssr_mode=False,
            pwa=False,
            mcp_server=False,
            enable_monitoring=False,
            run_history=False,
            allowed_paths=[],
            max_file_size=0,
            footer_links=[],
            state_session_capacity=100,
            theme=gr.themes.Base(font=_FONT, font_mono=_FONT),
            head=page_head(slot("words")),
            app_kwargs=app_kwargs,
        )
    except OSError as error:
        raise port_in_use(port) from error


def stop(page: gr.Blocks, seconds: int) -> None:
    """End what ``start`` began, when all that has reached it is answered, or after some seconds."""
    # Gradio's own close() stops its queue first, and would leave the waiting without an answer.
    server = page.server
    assert server is not None
    server.config.timeout_graceful_shutdown = seconds
    server.should_exit = True
    server.thread.join(seconds + 1)
    page.close(verbose=False)


def _inputs(page: gr.Blocks) -> dict[int, int]:
    """Return how many inputs each function of the page takes.

    Some do their work in the browser alone, and fail where they are called.
    """
    return {
        number: len(function.inputs)
        for number, function in page.fns.items()
        if function.fn is not None
    }


def _html(
    value: str | None, elem_id: str, script: str | None = None, template: str = "${value}"
) -> gr.HTML:
    return gr.HTML(
        value, elem_id=elem_id, html_template=template, js_on_load=script, apply_default_css=False
    )


def _record(service: Service, question: Any, history: Any) -> dict[str, Any]:
    if not isinstance(question, str):
        raise gr.Error("A question is a text.", print_exception=False)
    try:
        answerer = service.live_index.current.answerer
        return answer_record(service.ask(answerer, clean(question), questions(history)))
    except CitadelError as error:
        raise gr.Error(str(error), print_exception=False) from error
    except Exception as error:  # A defect of ours: the caller gets a code, the log the traceback.
        code = log_failure()
        raise gr.Error(f"Search did not work; code {code}.", print_exception=False) from error
