"""The web page and the service behind it: the only module that knows Gradio.

The conversation is kept in the person's browser, not here. Every question comes with the earlier
ones, so a restarted server and a full one go on with the conversation that the person sees.
"""

from __future__ import annotations

import errno
import logging
import secrets
import socket
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeAlias

import gradio as gr
from gradio.events import api
from starlette.middleware import Middleware

from index.articles import Article
from index.errors import CitadelError
from qa.answering import Answerer
from qa.answers import answer_record
from qa.http_guard import HttpGuard
from qa.reading_view import render_article, render_article_list
from qa.rendering import (
    announcement,
    render_answer,
    render_failure,
    render_refusal,
    render_sources,
    render_welcome,
)
from qa.welcome import NO_WELCOME, Welcome

_log = logging.getLogger(__name__)

_STATIC = Path(__file__).with_name("static")
_EARLIER_QUESTIONS = 6
"""How many of the earlier questions are looked at; a follow-up leans on the last ones."""

_AT_ONCE = 2
"""How many questions are searched for at the same time, by the page and by other programs."""

Reply: TypeAlias = dict[str, str]
"""What page.js receives: the turn it asked for, two pieces of HTML and a sentence to speak."""

_FONT = [
    gr.themes.Font(name)
    for name in (
        "system-ui", "Segoe UI", "Roboto", "Noto Sans", "Noto Sans Arabic", "Geeza Pro", "Tahoma",
        "sans-serif",
    )
]  # fmt: skip


def build_page(answerer: Answerer, welcome: Welcome = NO_WELCOME) -> gr.Blocks:
    """Return the page: conversation and composer, and the sources beside them.

    It offers one call to other programs, ``/ask``, which takes a question and the earlier
    questions of a conversation and returns the record of the answer.
    """
    index = answerer.index
    page = gr.Blocks(title="Citadel", analytics_enabled=False, fill_width=True)
    with page:
        _html(_file("masthead.html"), "masthead")
        with gr.Row(elem_id="columns"):
            with gr.Column(elem_id="talk", min_width=0):
                conversation = _html(
                    render_welcome(welcome, len(index.articles)),
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
                reading = _html(
                    _first_article(answerer),
                    "reading",
                    "window.citadel.read((source) => trigger('select', { source }), watch);",
                )
                _html(render_article_list(index.articles, index.passages), "library")
        # Shows nothing: it hands each reply to the script, which puts it into the conversation.
        reply = _html(
            None, "reply", "watch('value', () => window.citadel.receive(props.value));", template=""
        )

        def reply_to(event: gr.EventData) -> Reply:
            return _reply(answerer, event._data)

        def open_article(event: gr.EventData) -> str:
            return _article_named(answerer, event._data)

        ask.click(None, js="() => window.citadel.ask()", api_visibility="private")
        question.submit(None, js="() => window.citadel.ask()", api_visibility="private")
        asked = conversation.submit(
            reply_to,
            outputs=reply,
            show_progress="hidden",
            trigger_mode="multiple",
            api_visibility="private",
            concurrency_limit=_AT_ONCE,
            concurrency_id="search",
        )
        asked.failure(None, js="() => window.citadel.failed()", api_visibility="private")
        stop.click(
            None, js="() => window.citadel.stop()", cancels=[asked], api_visibility="private"
        )
        reading.select(
            open_article, outputs=reading, show_progress="hidden", api_visibility="private"
        )

        def ask_service(question: str, history: list[str] | None = None) -> dict[str, Any]:
            """Answer a question with quoted sentences, or say that the sources don't answer."""
            return _record(answerer, question, history or [])

        api(ask_service, api_name="ask", concurrency_limit=_AT_ONCE, concurrency_id="search")
    page.queue(api_open=False, max_size=64, default_concurrency_limit=4)
    return page


def serve(answerer: Answerer, host: str, port: int, welcome: Welcome = NO_WELCOME) -> None:
    """Serve the page until the process is stopped.

    Raises:
        CitadelError: The address can't be served; the message names it and the mend.

    """
    page = start(answerer, host, port, welcome)
    sys.stderr.write(f"Citadel answers at {page.local_url}\n")
    page.block_thread()


def start(answerer: Answerer, host: str, port: int, welcome: Welcome = NO_WELCOME) -> gr.Blocks:
    """Begin to serve the page in the background and return it; ``close()`` ends it.

    Raises:
        CitadelError: The address can't be served; the message names it and the mend.

    """
    _check_address(host, port)
    page = build_page(answerer, welcome)
    try:
        page.launch(
            server_name=host,
            server_port=port,
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
            head=f"<style>{_file('page.css')}</style><script>{_file('page.js')}</script>",
            app_kwargs={"middleware": [Middleware(HttpGuard)]},
        )
    except OSError as error:
        raise _port_in_use(port) from error
    return page


def _check_address(host: str, port: int) -> None:
    """Refuse an address before Gradio, which would call every failure a busy port."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except socket.gaierror as error:
        raise CitadelError(
            f"{host} is no address of this machine; choose another one with --host."
        ) from error
    with socket.socket(family, kind) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise _port_in_use(port) from error
            raise CitadelError(
                f"{host}, port {port}, can't be used ({error.strerror}); "
                "choose others with --host and --port."
            ) from error


def _port_in_use(port: int) -> CitadelError:
    return CitadelError(f"Port {port} is in use; choose another one with --port.")


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


def _reply(answerer: Answerer, request: Any) -> Reply:
    """Answer what page.js sent. An error is answered too: the conversation must not break off."""
    turn, question, earlier = _read_request(request)
    try:
        answer = answerer.answer(question, earlier)
        articles = {article.source: article for article in answerer.index.articles}
        return {
            "turn": turn,
            "answer": render_answer(answer, articles),
            "sources": render_sources(answer, articles),
            "announcement": announcement(answer, len(articles)),
        }
    except CitadelError as error:
        message = str(error)
        return {
            "turn": turn,
            "answer": render_refusal(message),
            "sources": "",
            "announcement": message,
        }
    except Exception:  # A defect of ours: the person gets a code, the log the traceback.
        code = _log_failure()
        return {
            "turn": turn,
            "answer": render_failure(code),
            "sources": "",
            "announcement": f"Search did not work. Code {code}.",
        }


def _read_request(request: Any) -> tuple[str, str, list[str]]:
    """Return turn, question and earlier questions, whatever was sent in their place."""
    fields = request if isinstance(request, dict) else {}
    turn, question, earlier = (fields.get(name) for name in ("turn", "question", "earlier"))
    return (
        turn if isinstance(turn, str) else "",
        _clean(question) if isinstance(question, str) else "",
        _questions(earlier),
    )


def _questions(earlier: Any) -> list[str]:
    if not isinstance(earlier, list):
        return []
    questions = [_clean(question) for question in earlier if isinstance(question, str)]
    return questions[-_EARLIER_QUESTIONS:]


def _clean(text: str) -> str:
    """Replace halves of surrogate pairs: JSON can carry them, UTF-8 can't."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _record(answerer: Answerer, question: str, earlier: Sequence[str]) -> dict[str, Any]:
    try:
        return answer_record(answerer.answer(_clean(question), _questions(list(earlier))))
    except CitadelError as error:
        raise gr.Error(str(error), print_exception=False) from error
    except Exception as error:  # A defect of ours: the caller gets a code, the log the traceback.
        code = _log_failure()
        raise gr.Error(f"Search did not work; code {code}.", print_exception=False) from error


def _log_failure() -> str:
    code = secrets.token_hex(4)[:7]
    _log.exception("The search failed, code %s.", code)
    return code


def _first_article(answerer: Answerer) -> str:
    articles = answerer.index.articles
    if len(articles) > 1:
        return _file("no_article.html")
    return _article_html(answerer, articles[0])


def _article_named(answerer: Answerer, request: Any) -> str:
    source = request.get("source") if isinstance(request, dict) else None
    for article in answerer.index.articles:
        if article.source == source:
            return _article_html(answerer, article)
    return render_refusal("This article is no longer among the sources.")


def _article_html(answerer: Answerer, article: Article) -> str:
    passages = [p for p in answerer.index.passages if p.source == article.source]
    return render_article(article, passages)
