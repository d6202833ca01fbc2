// What leaves the page, each by a person's own act: a link, a transcript, a report to its server.
"use strict";

(() => {
  const page = window.citadel;
  const { actions, element, find } = page;
  const { language, say } = window.citadelSpeech;
  let report = null;

  // ---- a link that asks the question again, as it was understood (qa/page/links.py)

  actions["copy-link"] = async (button) => {
    const turn = page.shownTurn();
    if (!turn) return;
    const { origin, pathname } = window.location;
    const query = turn.link ?? `q=${encodeURIComponent(turn.question)}`;
    const link = `${origin}${pathname}?${query}`;
    page.confirm(button, (await page.copyText(link)) ? say("Link copied") : say("Copying is not allowed"));
  };

  // ---- the transcript; its parts are written by qa/transcript.py

  /** Return text that Markdown shows as it is, on one line. */
  page.plainMarkdown = (text) =>
    text.replace(/\s+/g, " ").replace(/[\\`*_{}[\]<>#|~!&]/g, "\\$&");

  /** Hand a file to the person; its name ends with the day. */
  page.saveFile = (text, type, name, ending) => {
    const link = element("a", "");
    link.href = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
    link.download = `${name}-${new Date().toISOString().slice(0, 10)}.${ending}`;
    link.click();
    window.setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  };

  function entry(turn) {
    if (turn.transcript) return turn.transcript;
    return `## ${page.plainMarkdown(turn.question)}\n\n${say("No answer: the search did not come to an end.")}\n`;
  }

  actions["save-transcript"] = (button) => {
    const turns = page.turns();
    if (turns.length === 0) return;
    const promise = say("Answers are sentences quoted from the sources.");
    const head = `# ${say("Questions to Citadel")}\n\n${promise}\n`;
    const text = [head, ...turns.map(entry)].join("\n");
    page.saveFile(text, "text/markdown", "citadel", "md");
    page.confirm(button, say("Saved"));
  };

  // ---- reports about answers

  page.reports = (trigger) => {
    report = trigger;
  };

  /** Put the form under a complete answer. */
  page.offerFeedback = (turn, node) => {
    if (!turn.transcript) return; // no answer of the server: nothing to report
    const form = find("#feedback-form").content.cloneNode(true);
    form.querySelectorAll('input[type="radio"]').forEach((choice) => {
      choice.name = `problem-${turn.id}`;
    });
    node.append(form);
    if (turn.reported) thank(node);
  };

  function thank(node) {
    find(".feedback", node)?.replaceWith(element("p", "reported", say("Reported. Thank you.")));
  }

  document.addEventListener("submit", (event) => {
    const details = event.target.closest(".feedback");
    if (!details) return;
    event.preventDefault();
    const turn = page.turnOf(details);
    report({
      turn: turn.id,
      question: turn.question,
      earlier: turn.earlier ?? [],
      literal: turn.literal ?? false,
      scope: turn.scope ?? {},
      problem: find("input:checked", details).value,
      comment: find("[name=comment]", details).value,
      language,
    });
  });

  page.reported = ({ reported: id, announcement: told, stored }) => {
    const node = document.getElementById(id);
    const turn = page.turns().find((each) => each.id === id);
    page.announce(told);
    if (!node || !turn) return;
    if (stored) {
      turn.reported = true;
      thank(node);
      page.keep();
    } else {
      find(".feedback .note", node).textContent = told;
    }
  };
})();
