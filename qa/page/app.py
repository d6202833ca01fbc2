"""The web page, and how it is served with the API: the only module that knows Gradio.

The conversation is kept in the person's browser, not here. Every question comes with the earlier
ones, so a restarted server and a full one go on with the conversation that the person sees.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any, Protocol

import gradio as gr
from gradio.events import api
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware

from citadel.index.errors import CitadelError
from citadel.qa.answer.answers import answer_record
from citadel.qa.page.answer import render_welcome
from citadel.qa.page.handlers import Reply, clean, questions, receipt, reply
from citadel.qa.page.library import article_list, article_view
from citadel.qa.page.welcome import NO_WELCOME, Welcome
from citadel.qa.service.additions import Additions
from citadel.qa.service.api import build_api
from citadel.qa.service.connections import guard_connections
from citadel.qa.service.entrance import Entrance
from citadel.qa.service.feedback import FeedbackFile, default_feedback_file
from citadel.qa.service.listening import address_to_open, check_address, port_in_use
from citadel.qa.service.live_index import ServedIndex
from citadel.qa.service.middleware import LimitsMiddleware
from citadel.qa.service.passwords import PasswordCheck, PasswordHash
from citadel.qa.service.recent import Recent
from citadel.qa.service.request_log import log_failure
from citadel.qa.service.service import Service

_STATIC = Path(__file__).with_name("static")
_SCRIPTS = ("chats.js", "page.js", "reading.js", "adding.js", "scope.js", "sharing.js")
"""In the order of their needs: each uses those before it."""

_SESSIONS = 500
"""Of how many sessions an answer that was not fetched yet is kept."""

_FONT = [
    gr.themes.Font(name)
    for name in (
        "system-ui", "Segoe UI", "Roboto", "Noto Sans", "Noto Sans Arabic", "Geeza Pro", "Tahoma",
        "sans-serif",
    )
]  # fmt: skip


def build_page(
    service: Service,
    welcome: Welcome = NO_WELCOME,
    feedback: FeedbackFile | None = None,
    *,
    adding: bool = False,
) -> gr.Blocks:
    """Return the page: conversation and composer, and the sources beside them.

    Each request is answered from the served that is current when it comes. With ``adding`` there
    is a form that sends files to the API.

    It offers one call to other programs, ``/ask``, which takes a question and the earlier
    questions of a conversation and returns the record of the answer.
    """
    reports = feedback or FeedbackFile(default_feedback_file())
    live_index, at_once = service.live_index, service.limits.at_once
    served = live_index.current
    page = gr.Blocks(title="Citadel", analytics_enabled=False, fill_width=True)
    with page:
        form = _file("adding.html") if adding else ""
        _html(_file("masthead.html") + form, "masthead")
        with gr.Row(elem_id="columns"):
            with gr.Column(elem_id="talk", min_width=0):
                conversation = _html(
                    render_welcome(welcome, len(served.articles.all)),
                    "conversation",
                    "window.citadel.converse(element, (question) => trigger('submit', question));",
                )
                with gr.Row(elem_id="composer"):
                    question = gr.Textbox(
                        label="Your question",
                        placeholder="Ask a question",
                        elem_id="question",
                        container=False,
                        lines=1,
                        max_lines=5,
                    )
                    ask = gr.Button("Ask", elem_id="ask", variant="primary", min_width=0)
                    stop = gr.Button("Stop", elem_id="stop", min_width=0)
            with gr.Column(elem_id="panel", min_width=0):
                # Gradio's own tabs load late, and hide behind a menu where there is room for them.
                _html(_file("tabs.html"), "tabs", "window.citadel.tabs(element);")
                _html(_file("no_sources.html"), "sources", "window.citadel.list(element);")
                first_article, first_timeline = _first_article(served)
                reading = _html(
                    first_article,
                    "reading",
                    "window.citadel.read("
                    "(source, index) => trigger('select', { source, index }), watch);",
                )
                dates = _html(first_timeline, "dates")
                listed = _html(
                    article_list(served.articles),
                    "library",
                    "window.citadel.choose(element, () => trigger('select'), watch);",
                )
        # Shows nothing: it hands each reply to the script, which puts it into the conversation.
        replied = _html(
            None,
            "reply",
            "watch('value', () => window.citadel.receive(props.value));"
            "window.citadel.reports((report) => trigger('like', report));",
            template="",
        )

        def reply_to(event: gr.EventData) -> Reply:
            return reply(service, event._data)

        def receive_report(event: gr.EventData) -> Reply:
            return receipt(service, reports, event._data)

        def open_article(event: gr.EventData) -> tuple[str, str]:
            return _article_named(live_index.current, event._data)

        ask.click(None, js="() => window.citadel.ask()", api_visibility="private")
        question.submit(None, js="() => window.citadel.ask()", api_visibility="private")
        asked = conversation.submit(
            reply_to,
            outputs=replied,
            show_progress="hidden",
            trigger_mode="multiple",
            api_visibility="private",
            concurrency_limit=at_once,
            concurrency_id="search",
        )
        asked.failure(None, js="() => window.citadel.failed()", api_visibility="private")
        stop.click(
            None, js="() => window.citadel.stop()", cancels=[asked], api_visibility="private"
        )
        reading.select(
            open_article,
            outputs=[reading, dates],
            show_progress="hidden",
            api_visibility="private",
        )
        replied.like(
            receive_report,
            outputs=replied,
            show_progress="hidden",
            api_visibility="private",
            concurrency_limit=at_once,
            concurrency_id="search",
        )

        def list_articles() -> str:
            return article_list(live_index.current.articles)

        listed.select(
            list_articles,
            outputs=listed,
            show_progress="hidden",
            api_visibility="private",
        )

        def ask_service(question: str, history: list[str] | None = None) -> dict[str, Any]:
            """Answer a question with quoted sentences, or say that the sources don't answer."""
            return _record(service, question, history or [])

        api(ask_service, api_name="ask", concurrency_limit=at_once, concurrency_id="search")

    def show(served: ServedIndex) -> None:
        """Let whoever opens the page from now on find the articles of another served."""
        reading.value, dates.value = _first_article(served)
        conversation.value = render_welcome(welcome, len(served.articles.all))
        listed.value = article_list(served.articles)
        page.config = page.get_config_file()

    live_index.follow(show)
    page.queue(api_open=False, max_size=64, default_concurrency_limit=4)
    # Gradio would keep what nobody fetches, of 2,000 sessions and of all there ever were.
    page._queue.pending_messages_per_session = Recent(_SESSIONS)  # type: ignore[assignment]
    page._queue.pending_event_ids_session = Recent(2 * _SESSIONS)
    return page


def start(
    service: Service,
    host: str,
    port: int,
    welcome: Welcome = NO_WELCOME,
    feedback: FeedbackFile | None = None,
    password: PasswordHash | None = None,
    additions: Additions | None = None,
    entrance: Entrance | None = None,
) -> gr.Blocks:
    """Begin to serve page and API in the background and return the page; ``close()`` ends it.

    Without an ``entrance`` it answers to its own address, believes no proxy, and has no prefix.

    Raises:
        CitadelError: The address can't be served; the message names it and the mend.

    """
    host = check_address(host, port)
    page = build_page(service, welcome, feedback, adding=additions is not None)
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
            head=_head(),
            app_kwargs={
                # Gradio compresses its assets, but not the page itself.
                "middleware": [Middleware(GZipMiddleware, minimum_size=1000)],
                "lifespan": _behind_middleware(
                    page, service, password, additions, entrance or Entrance.of(host)
                ),
            },
        )
    except OSError as error:
        raise port_in_use(port) from error
    assert page.server is not None
    guard_connections(page.server, service.limits)
    page.local_url = address_to_open(host, port)  # type: ignore[assignment]
    return page


def stop(page: gr.Blocks, seconds: int) -> None:
    """End what ``start`` began, when all that has reached it is answered, or after some seconds."""
    # Gradio's own close() stops its queue first, and would leave the waiting without an answer.
    server = page.server
    assert server is not None
    server.config.timeout_graceful_shutdown = seconds
    server.should_exit = True
    server.thread.join(seconds + 1)
    page.close(verbose=False)


class _Lifespan(Protocol):
    def __call__(self, app: Starlette) -> AbstractAsyncContextManager[None]: ...


def _behind_middleware(
    page: gr.Blocks,
    service: Service,
    password: PasswordHash | None,
    additions: Additions | None,
    entrance: Entrance,
) -> _Lifespan:
    """Put the gate before everything that Gradio has put together, before the first request.

    Gradio adds middleware of its own around what it is given. This is the one place that is
    outside of that and still goes through ``launch()``, without which Gradio serves any file.
    """

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        assert app.middleware_stack is not None
        check = PasswordCheck(password, service.limits) if password is not None else None
        api = build_api(service, additions)
        # Some do their work in the browser alone, and fail where they are called.
        inputs = {
            number: len(function.inputs)
            for number, function in page.fns.items()
            if function.fn is not None
        }
        app.middleware_stack = LimitsMiddleware(
            app.middleware_stack,
            api,
            service.limits,
            service.metrics,
            check,
            inputs,
            entrance,
            adding=additions is not None,
        )
        yield

    return lifespan


def _html(
    value: str | None, elem_id: str, script: str | None = None, template: str = "${value}"
) -> gr.HTML:
    return gr.HTML(
        value,
        elem_id=elem_id,
        html_template=template,
        js_on_load=script,
        apply_default_css=False,
    )


def _file(name: str) -> str:
    return (_STATIC / name).read_text(encoding="utf-8")


def _head() -> str:
    scripts = "".join(f"<script>{_file(name)}</script>" for name in _SCRIPTS)
    return f"<style>{_file('page.css')}</style>{scripts}"


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


def _first_article(served: ServedIndex) -> tuple[str, str]:
    if len(served.articles.all) == 1:
        return article_view(served, served.articles.all[0].source)
    return _file("no_article.html"), _file("no_article.html")


def _article_named(served: ServedIndex, request: Any) -> tuple[str, str]:
    values = request if isinstance(request, dict) else {}
    source, snapshot = values.get("source"), values.get("index")
    return article_view(
        served,
        source if isinstance(source, str) else "",
        snapshot if isinstance(snapshot, str) else "",
    )
