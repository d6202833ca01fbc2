// Removing articles and restoring them, for editors: the server is asked, and how far it has come.
// Its replies are only ever set as text.
"use strict";

(() => {
  const page = window.citadel;
  const { button, element, find } = page;
  const { say } = window.citadelSpeech;
  const LOOK_EVERY = 700; // milliseconds

  /** Called when the list of articles is on the page. */
  page.offerRemoving = (panel, root, refreshList) => {
    const template = find("#removing-form");
    if (!template) return; // who reads here may not
    panel.append(template.content.cloneNode(true));
    const box = find(".removed-articles", panel);
    box.addEventListener("toggle", () => box.open && listRemoved(box, refreshList));
    const offer = () =>
      root.querySelectorAll(".library > li").forEach((item) => offerFor(item, box, refreshList));
    new MutationObserver(offer).observe(root, { childList: true, subtree: true });
    offer();
  };

  function offerFor(item, box, refreshList) {
    const actions = find(".actions", item);
    if (find(".remove", actions)) return;
    const source = page.parsePlace(find("a.read", actions).getAttribute("href"))?.source;
    if (!source) return;
    const remove = button("remove", say("Remove"));
    remove.addEventListener("click", () => ask(item, remove, source, box, refreshList));
    actions.append(remove);
  }

  /** Nothing is removed by one click. */
  function ask(item, remove, source, box, refreshList) {
    const line = element("p", "actions asks");
    const yes = button("remove-it", say("Remove"));
    const no = button("keep-it", say("Keep it"));
    const question = say("Remove {name}? It is kept, and can be restored.", { name: source });
    line.append(element("bdi", "", question), " ", yes, " ", no);
    remove.hidden = true;
    const end = () => {
      line.remove();
      remove.hidden = false;
      remove.focus();
    };
    no.addEventListener("click", end);
    yes.addEventListener("click", async () => {
      [yes, no].forEach((each) => (each.disabled = true));
      const state = element("span", "state", say("Being removed…"));
      line.append(" ", state);
      const address = `api/articles/${encodeURIComponent(source)}`;
      const ended = await follow(address, "DELETE");
      if (ended.stage === "done") {
        page.announce(say("Removed {name}.", { name: source }));
        refreshList();
        if (box.open) listRemoved(box, refreshList);
      } else {
        end();
        showWrong(item, ended.detail);
      }
    });
    item.append(line);
    no.focus();
  }

  function showWrong(item, detail) {
    find(".refused", item)?.remove();
    const line = element("p", "refused", detail);
    line.setAttribute("role", "alert");
    line.dir = "auto";
    item.append(line);
  }

  async function listRemoved(box, refreshList) {
    const { reply, detail } = await send("api/removed", "GET");
    find(".wrong", box).textContent = detail ?? "";
    const removed = reply?.removed ?? [];
    const items = removed.map((each) => removedItem(each, box, refreshList));
    find("ul", box).replaceChildren(
      ...(items.length || detail ? items : [element("li", "", say("None is removed."))]),
    );
  }

  function removedItem({ kept, name }, box, refreshList) {
    const item = element("li", "");
    const restore = button("restore", say("Restore"));
    restore.setAttribute("aria-label", say("Restore {name}", { name: kept }));
    restore.addEventListener("click", async () => {
      restore.disabled = true;
      restore.textContent = say("Being restored…");
      const ended = await follow(`api/removed/${encodeURIComponent(kept)}`, "POST");
      await listRemoved(box, refreshList);
      if (ended.stage === "done") {
        page.announce(say("Restored {name}.", { name }));
        refreshList();
      } else {
        find(".wrong", box).textContent = ended.detail;
      }
    });
    item.append(element("bdi", "", kept), " ", restore);
    return item;
  }

  /** Ask for a change and follow it to its end; return its last record. */
  async function follow(address, method) {
    const { reply, detail } = await send(address, method);
    if (detail) return { stage: "refused", detail };
    let record = reply;
    while (!["done", "refused"].includes(record.stage)) {
      await new Promise((resolve) => window.setTimeout(resolve, LOOK_EVERY));
      const looked = await send(`api/changes/${record.id}`, "GET");
      if (looked.lost) return { stage: "refused", detail: looked.detail };
      record = looked.reply ?? record;
    }
    return record;
  }

  /** Return what the server replies, or why it refuses. */
  async function send(address, method) {
    try {
      const response = await fetch(address, { method, cache: "no-store" });
      const reply = await response.json();
      if (response.ok) return { reply };
      const told = reply.detail ?? say("The server refused it ({status}).", { status: response.status });
      return { detail: told, lost: response.status !== 503 };
    } catch {
      return { detail: say("The connection was lost; look at the list of articles again.") };
    }
  }
})();
