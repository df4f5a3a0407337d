/* What a page gains where there is a script. Everything works without it. */
"use strict";

document.documentElement.classList.add("js");

const MIB = 1024 * 1024;
const drawer = document.getElementById("drawer");

/* Copy: the text of the element that the button names */
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const source = document.getElementById(button.dataset.copy);
  const text = (source.value ?? source.textContent).trim();
  try {
    await navigator.clipboard.writeText(text);
    say(button, "Copied");
  } catch {
    const range = document.createRange();
    range.selectNodeContents(source);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    say(button, "Press Ctrl+C");
  }
});

const labels = new WeakMap(); // pressed twice, a button must not keep what it says in between

function say(button, word) {
  if (!labels.has(button)) labels.set(button, button.innerHTML);
  button.textContent = word;
  setTimeout(() => { button.innerHTML = labels.get(button); }, 1600);
}

/* Share: by what the device itself offers, where it offers anything */
for (const button of document.querySelectorAll("[data-share]")) {
  button.hidden = !navigator.share;
  button.addEventListener("click", () => {
    navigator.share({ title: button.dataset.title, text: button.dataset.text, url: button.dataset.share }).catch(() => {});
  });
}

/* The drawer: any link to add badges opens it; closing it shows what came in */
if (drawer) {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-drawer]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    openDrawer(link.getAttribute("href"));
  });
  drawer.addEventListener("close", () => {
    if (drawer.dataset.changed) location.assign("/badges");
  });
  drawer.addEventListener("click", (event) => {
    if (event.target === drawer) drawer.close();
  });
}

async function openDrawer(address) {
  await htmx.ajax("GET", address, { target: "#drawer", swap: "innerHTML" });
  if (!drawer.open) drawer.showModal();
  drawer.querySelector("h2")?.focus();
}

/* What somebody has opened stays open while the page changes under them */
htmx.registerExtension("stays-open", {
  htmx_before_morph_node: (old, { newNode }) => {
    if (old.open && newNode instanceof HTMLDetailsElement) newNode.open = true;
  },
});

/* Chosen badges stay chosen on the way to others: the links of the wall take them along, as its search does */
document.addEventListener("click", (event) => {
  const link = event.target.closest('#results a[href="/badges"], #results a[href^="/badges?"]');
  if (!link) return;
  const there = new URL(link.href);
  there.searchParams.delete("badge");
  for (const box of document.querySelectorAll("#results input:checked")) there.searchParams.append("badge", box.value);
  link.href = there;
});
document.addEventListener("change", (event) => {
  const search = document.getElementById("search");
  // What is on its way knows nothing of this tick: it is asked for anew.
  if (event.target.matches("#results input") && search?.matches(".htmx-request")) search.requestSubmit();
});

/* Files: each is looked at before it travels, so that a film does not have to arrive to be refused */
document.addEventListener("change", (event) => {
  if (event.target.matches("#drawer input[type=file]")) send([...event.target.files]);
});

document.addEventListener("submit", (event) => {
  if (drawer?.contains(event.target) && event.target.method !== "dialog") drawer.dataset.changed = "yes";
});

const MOST_FILES = 20; // in one request
const MOST_BYTES = 96 * MIB;

function largest(file) {
  if (/\.(zip|mbox)$/i.test(file.name)) return 100 * MIB;
  return (/\.eml$/i.test(file.name) ? 15 : 8) * MIB;
}

/* Any number of files, a few at a time into one batch, whose live list stands in the drawer meanwhile */
async function send(files) {
  const tooLarge = files.filter((file) => file.size > largest(file));
  const left = files.filter((file) => file.size <= largest(file));
  complain(tooLarge.map((file) =>
    `${file.name} is larger than ${largest(file) / MIB} MB. A badge is a small file: ask the issuer for the original one.`));
  const all = left.length;
  drawer.dataset.changed = "yes";
  if (all) addEventListener("beforeunload", hold);
  while (left.length) {
    const form = new FormData();
    const batch = drawer.querySelector("input[name=batch]")?.value;
    if (batch) form.append("batch", batch);
    let size = 0;
    let count = 0;
    while (left.length && count < MOST_FILES && (!count || size + left[0].size <= MOST_BYTES)) {
      size += left[0].size;
      count += 1;
      form.append("file", left.shift());
    }
    try {
      const answer = await fetch("/import", { method: "POST", body: form, headers: { "HX-Request": "true" } });
      if (answer.status === 401) { // signed out meanwhile
        removeEventListener("beforeunload", hold);
        location.reload();
        return;
      }
      const text = await answer.text();
      if (answer.headers.has("HX-Retarget")) { // refused as a whole, in a sentence that belongs above the form
        document.getElementById("drawer-problem").innerHTML = text;
        tell("");
        break;
      }
      // The first answer brings the live list, the last one what there is to say at the end.
      if (!batch || !left.length) showInDrawer(text);
    } catch {
      complain([`The connection broke: ${left.length + count} of ${all} files were not sent. Choose them again to go on.`]);
      break;
    }
    tell(left.length ? `Sending: ${all - left.length} of ${all} files` : "");
  }
  removeEventListener("beforeunload", hold);
}

function showInDrawer(text) {
  const said = document.getElementById("drawer-problem")?.innerHTML ?? "";
  drawer.innerHTML = text;
  document.getElementById("drawer-problem").innerHTML = said;
  htmx.process(drawer);
}

function tell(words) {
  const line = document.getElementById("sending");
  if (line) line.textContent = words;
}

function complain(sentences) {
  const problem = document.getElementById("drawer-problem");
  problem.replaceChildren(...sentences.map((sentence) => {
    const line = document.createElement("p");
    line.className = "notice failed";
    line.textContent = sentence;
    return line;
  }));
}

function hold(event) {
  event.preventDefault();
}

/* Drop: anywhere on a page of one's own, whole folders too */
if (drawer) {
  let depth = 0;
  const carriesFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
  const show = (on) => document.documentElement.classList.toggle("dropping", on);
  addEventListener("dragenter", (event) => { if (carriesFiles(event)) { depth += 1; show(true); } });
  addEventListener("dragleave", (event) => { if (carriesFiles(event) && --depth <= 0) { depth = 0; show(false); } });
  addEventListener("dragover", (event) => { if (carriesFiles(event)) event.preventDefault(); });
  addEventListener("drop", async (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    depth = 0;
    show(false);
    const files = await dropped(event.dataTransfer);
    if (!drawer.querySelector("input[type=file]")) await openDrawer("/import");
    if (!drawer.open) drawer.showModal();
    await send(files);
  });
}

/* The files that were dropped, and those in folders that were; the browser must be asked before anything is awaited */
async function dropped(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.some((entry) => entry.isDirectory)) return [...transfer.files];
  return (await Promise.all(entries.map(filesOf))).flat();
}

async function filesOf(entry) {
  if (entry.name.startsWith(".")) return [];
  if (entry.isFile) return [await new Promise((done, failed) => { entry.file(done, failed); })];
  const reader = entry.createReader();
  const found = [];
  for (;;) {
    const some = await new Promise((done, failed) => { reader.readEntries(done, failed); });
    if (!some.length) break; // a browser tells a hundred at a time
    found.push(...some);
  }
  return (await Promise.all(found.map(filesOf))).flat();
}

/* Order: by dragging; the buttons do the same without */
function sortable(root) {
  for (const list of root.querySelectorAll("[data-sortable]")) {
    if (list.dataset.ready) continue;
    list.dataset.ready = "yes";
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    new Sortable(list, {
      handle: ".grip",
      forceFallback: true, // the browser's own dragging differs everywhere, and knows no touch
      animation: calm ? 0 : 120,
      onEnd: () => {
        document.getElementById(list.dataset.sortable).dispatchEvent(new Event("arranged"));
        ends(list);
      },
    });
  }
}

function ends(list) {
  const items = [...list.children];
  items.forEach((item, at) => {
    item.querySelector("[id^=earlier-]").disabled = at === 0;
    item.querySelector("[id^=later-]").disabled = at === items.length - 1;
  });
}

addEventListener("DOMContentLoaded", () => sortable(document));
