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

function say(button, word) {
  const before = button.innerHTML;
  button.textContent = word;
  setTimeout(() => { button.innerHTML = before; }, 1600);
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

/* Files: each is looked at before it travels, so that a film does not have to arrive to be refused */
document.addEventListener("change", (event) => {
  if (event.target.matches("#drawer input[type=file]")) send(event.target);
});

document.addEventListener("submit", (event) => {
  if (drawer?.contains(event.target) && event.target.method !== "dialog") drawer.dataset.changed = "yes";
});

function send(input) {
  const tooLarge = [...input.files].filter((file) => file.size > (/\.(eml|mbox)$/i.test(file.name) ? 15 : 8) * MIB);
  const problem = document.getElementById("drawer-problem");
  if (tooLarge.length) {
    problem.replaceChildren(...tooLarge.map((file) => {
      const line = document.createElement("p");
      line.className = "notice failed";
      line.textContent = `${file.name} is larger than 8 MB. A badge is a small file: ask the issuer for the original one.`;
      return line;
    }));
    const kept = new DataTransfer();
    [...input.files].filter((file) => !tooLarge.includes(file)).forEach((file) => kept.items.add(file));
    input.files = kept.files;
  }
  if (input.files.length) input.form.requestSubmit();
}

/* Drop: anywhere on a page of one's own */
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
    const files = event.dataTransfer.files;
    if (!drawer.querySelector("input[type=file]")) await openDrawer("/import");
    if (!drawer.open) drawer.showModal();
    const input = drawer.querySelector("input[type=file]");
    input.files = files;
    send(input);
  });
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
