// The printed page that a quote is from, as a picture with the quote marked; the server draws it
// from the PDF that it keeps (qa/service/originals.py).
"use strict";

(() => {
  const page = window.citadel;
  const { element, find } = page;
  const { say } = window.citadelSpeech;

  /** Offer the page under the paragraph of a cited sentence, where the PDF is kept. */
  page.offerPage = (paragraph, cited) => {
    find("#reading .printed-page")?.remove();
    const file = find("#reading .original .download");
    const reading = find("#reading .reading");
    if (cited.length === 0 || !file || !/\.pdf$/i.test(reading.dataset.source)) return;
    const { start } = cited[0].dataset;
    const { end } = cited.at(-1).dataset;
    const details = element("details", "printed-page");
    details.lang = document.documentElement.lang;
    details.dir = document.documentElement.dir;
    details.append(element("summary", "", say("The page as printed")));
    const shown = element("div", "");
    details.append(shown);
    const address = (from) => `${file.getAttribute("href")}/page?start=${from}&end=${end}`;
    details.addEventListener("toggle", () => {
      if (details.open && !shown.hasChildNodes()) show(shown, address, start);
    });
    paragraph.after(details);
  };

  async function show(shown, address, start) {
    shown.replaceChildren(element("p", "about", say("The page is being drawn…")));
    try {
      const pictures = [];
      // A quote that runs over two pages is marked on both.
      for (let from = start; from !== null; ) {
        const response = await fetch(address(from));
        if (!response.ok) throw new Error(`${response.status}`);
        pictures.push(await drawn(response));
        from = response.headers.get("X-Runs-On");
      }
      shown.replaceChildren(...pictures);
      page.announce(pictures.map((each) => find("figcaption", each).textContent).join(" "));
    } catch (error) {
      console.warn("The page was not drawn:", error);
      const told = say("This page can’t be shown. The original can be downloaded.");
      shown.replaceChildren(element("p", "about", told));
      page.announce(told);
    }
  }

  async function drawn(response) {
    const name = decodeURIComponent(response.headers.get("X-Page"));
    const isMarked = response.headers.get("X-Quote") === "marked";
    const told = isMarked
      ? say("Page {page} as printed, with the quote marked", { page: name })
      : say("Page {page} as printed; the quote could not be marked on it", { page: name });
    const picture = element("img", "");
    picture.alt = told;
    picture.src = await inAddress(await response.blob());
    // Print is too small to be read on a phone, so that the picture is wider and scrolls.
    const frame = element("div", "frame");
    frame.tabIndex = 0;
    frame.setAttribute("role", "group");
    frame.setAttribute("aria-label", say("The page as printed"));
    frame.append(picture);
    const figure = element("figure", "");
    figure.append(element("figcaption", "about", told), frame);
    return figure;
  }

  /** Return what is in a blob as an address: pictures are shown from this server or the page. */
  function inAddress(blob) {
    return new Promise((resolve, reject) => {
      const reader = new FileReader();
      reader.onload = () => resolve(reader.result);
      reader.onerror = () => reject(reader.error);
      reader.readAsDataURL(blob);
    });
  }
})();
