// The queue and the page of a case: new cases wait behind a button, a lock is extended while somebody works and given back
// when the page is left, and the words for the submitter follow the reasons.

import { load, swap } from "./console.js";

const POLL = 30_000; // milliseconds
const BEAT = 60_000;
const IDLE = 300_000; // without a key or pointer for so long, the lock is not extended
const CLAIMED = "smsvet.claimed"; // the case that this tab gave back when it was left

// ---- the queue

let waiting = ""; // the answer whose new rows are not shown yet

async function poll() {
  const page = document.querySelector("[data-poll]");
  if (!page || document.hidden) return;
  const failed = document.getElementById("poll-failed");
  try {
    const response = await fetch(location.href, {
      headers: { "x-fragment": page.dataset.poll, accept: "text/html" },
    });
    if (!response.ok) throw new Error(response.status);
    merge(await response.text());
    page.dataset.at = new Date().toLocaleTimeString("zh-CN", { timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit" });
    failed.hidden = true;
  } catch {
    failed.textContent = page.dataset.pollFailed.replace("{time}", page.dataset.at);
    failed.hidden = false;
  }
}

/** Updates counts, clocks and locks in place. Rows never move under the pointer: new ones wait for the button. */
function merge(html) {
  const answer = new DOMParser().parseFromString(html, "text/html");
  document.getElementById("queue-counts").replaceWith(answer.getElementById("queue-counts"));
  const rows = [...answer.querySelectorAll("[data-row]")];
  let fresh = 0;
  for (const row of rows) {
    const old = document.getElementById(row.id);
    if (!old) {
      fresh++;
      continue;
    }
    old.className = row.className;
    const cells = row.querySelectorAll("[data-fresh]");
    old.querySelectorAll("[data-fresh]").forEach((cell, place) => cell.replaceWith(cells[place].cloneNode(true)));
  }
  const known = new Set(rows.map((row) => row.id));
  for (const old of document.querySelectorAll("#queue-rows [data-row]")) old.classList.toggle("gone", !known.has(old.id));
  const button = document.getElementById("new-rows");
  button.hidden = !fresh;
  button.textContent = button.dataset.words.replace("{n}", fresh);
  waiting = html;
}

document.addEventListener("click", (event) => {
  if (event.target.id !== "new-rows") return;
  event.target.hidden = true;
  swap(waiting);
});
setInterval(poll, POLL);

// ---- the lock of a case

let used = Date.now();
let misses = 0;
for (const kind of ["keydown", "pointerdown", "pointermove", "input"]) {
  document.addEventListener(kind, () => (used = Date.now()), { passive: true });
}

async function beat() {
  const form = document.querySelector("[data-heartbeat]");
  if (!form || document.hidden || Date.now() - used > IDLE) return;
  let extended = false;
  try {
    const body = new URLSearchParams(new FormData(form));
    extended = await load(form.action, "clocks", { method: "POST", body });
  } catch {
    // The network is down; the next beat may arrive.
  }
  misses = extended ? 0 : misses + 1;
  const lock = document.getElementById("lock");
  if (misses < 2 || !lock) return;
  lock.classList.add("lost");
  lock.querySelector("span").textContent = lock.dataset.lost;
}
setInterval(beat, BEAT);

addEventListener("pagehide", () => {
  const form = document.querySelector("[data-release]");
  if (!form) return;
  sessionStorage.setItem(CLAIMED, form.dataset.release);
  navigator.sendBeacon(form.dataset.release, new URLSearchParams(new FormData(form)));
});

/** Claims a case again that was given back only because its page was loaded anew. */
function resume() {
  const left = sessionStorage.getItem(CLAIMED);
  sessionStorage.removeItem(CLAIMED);
  if (!left?.startsWith(`${location.pathname}/`)) return;
  const button = document.querySelector("[data-claim]");
  if (button) button.click();
  else setTimeout(beat, 1000);
}
resume();

// ---- words for the submitter

document.addEventListener("input", (event) => {
  if (event.target.matches("[data-composed]")) delete event.target.dataset.composed;
});
document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-message]")) return;
  const field = document.querySelector("[data-composed]");
  if (!field) return; // somebody has changed the words
  const ticked = document.querySelectorAll("[data-message]:checked");
  field.value = [...ticked].map((one) => one.dataset.message).join("\n");
});

// ---- a mark and its finding point at each other

for (const kind of ["pointerover", "focusin"]) {
  document.addEventListener(kind, (event) => {
    const finding = event.target.closest?.(".finding");
    const mark = event.target.closest?.("[data-numbers]");
    const numbers = finding ? [finding.dataset.number] : (mark?.dataset.numbers.split(" ") ?? []);
    for (const one of document.querySelectorAll("#case-content [data-numbers]")) {
      one.classList.toggle("pointed", one.dataset.numbers.split(" ").some((number) => numbers.includes(number)));
    }
    for (const one of document.querySelectorAll(".case .finding")) {
      one.classList.toggle("pointed", numbers.includes(one.dataset.number));
    }
  });
}
