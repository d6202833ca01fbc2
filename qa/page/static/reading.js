// The article by itself: find in it, links to its paragraphs, marks beside what was cited, print.
"use strict";

(() => {
  const page = window.citadel;
  const { find, actions } = page;
  const { counted, say } = window.citadelSpeech;
  let matches = [];
  let at = -1;

  // ---- find in article: letters are compared without case, accents and kinds of quotation mark

  function fold(letter) {
    const plain = [...letter.normalize("NFD")][0].toLowerCase();
    return { "’": "'", "‘": "'", "“": '"', "”": '"', أ: "ا", إ: "ا", آ: "ا" }[plain] ?? plain;
  }

  const folded = (text) => [...text].map((letter) => fold(letter).padEnd(letter.length)).join("");

  /** Return a range for each place of the words in one paragraph or heading. */
  function ranges(block, words) {
    const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
    const nodes = [];
    let text = "";
    while (walker.nextNode()) {
      if (walker.currentNode.parentElement.closest(".anchor")) continue;
      nodes.push({ node: walker.currentNode, start: text.length });
      text += walker.currentNode.data;
    }
    const place = (offset) => {
      const { node, start } = nodes.findLast((each) => each.start <= offset);
      return [node, offset - start];
    };
    const found = [];
    const where = folded(text);
    for (let from = where.indexOf(words); from >= 0; from = where.indexOf(words, from + 1)) {
      const range = new Range();
      range.setStart(...place(from));
      const [node, offset] = place(from + words.length - 1);
      range.setEnd(node, offset + 1);
      found.push(range);
    }
    return found;
  }

  function search(input) {
    const words = folded(input.value.trim());
    const blocks = document.querySelectorAll("#reading h3, #reading .paragraph > p");
    matches = words ? [...blocks].flatMap((block) => ranges(block, words)) : [];
    at = -1;
    paint("found", matches);
    paint("found-now", []);
    find(".find output").textContent = words ? told(matches.length) : "";
  }

  const told = (found) =>
    found ? counted("{count} match", "{count} matches", found) : say("No matches");

  function paint(name, marked) {
    if (window.CSS?.highlights) CSS.highlights.set(name, new Highlight(...marked));
  }

  function step(by) {
    if (matches.length === 0) return;
    at = at < 0 && by < 0 ? matches.length - 1 : (at + by + matches.length) % matches.length;
    paint("found-now", [matches[at]]);
    find(".find output").textContent = say("{at} of {all}", { at: at + 1, all: matches.length });
    const block = matches[at].startContainer.parentElement;
    block.scrollIntoView({ block: "center", behavior: page.smooth() });
  }

  document.addEventListener("input", (event) => {
    if (event.target.matches?.(".find input")) search(event.target);
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.matches(".find")) return;
    event.preventDefault();
    step(1);
  });
  document.addEventListener(
    "keydown",
    (event) => {
      if (!event.target.matches?.(".find input")) return;
      if (event.key === "Enter" && event.shiftKey) {
        event.preventDefault();
        step(-1);
      } else if (event.key === "Escape" && event.target.value) {
        event.preventDefault();
        event.stopPropagation();
        event.target.value = "";
        search(event.target);
      }
    },
    true,
  );
  actions["find-previous"] = () => step(-1);
  actions.print = () => window.print();

  // ---- links to paragraphs and sections

  /** A click puts the link into the address bar and copies it. */
  page.onAnchor = (link) => {
    history.replaceState(history.state, "", link.getAttribute("href"));
    page.copyText(link.href).then((copied) => {
      page.announce(copied ? say("Link copied") : say("The link stands in the address bar"));
      link.classList.add("copied");
      window.setTimeout(() => link.classList.remove("copied"), 2000);
    });
  };

  // ---- what has been cited in this conversation

  page.markCited = () => {
    const source = find("#reading .reading")?.dataset.source;
    const cited = new Set();
    document.querySelectorAll(".turn .cite").forEach((link) => {
      const place = page.parsePlace(link.getAttribute("href"));
      if (place?.source === source) cited.add(place.paragraph);
    });
    document.querySelectorAll("#reading .paragraph").forEach((paragraph) => {
      const number = paragraph.id.slice(1);
      const marked = cited.has(number);
      if (paragraph.classList.contains("was-cited") === marked) return;
      paragraph.classList.toggle("was-cited", marked);
      const anchor = find(".anchor", paragraph);
      if (!anchor) return;
      const values = { number: Number(number) };
      const name = marked
        ? say("Link to paragraph {number}, cited in this conversation", values)
        : say("Link to paragraph {number}", values);
      anchor.setAttribute("aria-label", name);
      anchor.title = name;
    });
  };
})();
