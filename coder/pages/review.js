"use strict";
(function () {
  const sheet = JSON.parse(document.getElementById("sheet").textContent);
  const events = sheet.events;
  const FLAWS = ["source", "target", "code", "date", "status"];
  const COLUMNS = ["sheet", "judge", "event_id", "root", "root_size", "cameo", "verdict"].concat(FLAWS.map((f) => "wrong_" + f), ["comment"]);
  const $ = (id) => document.getElementById(id);
  const buttons = Array.from(document.querySelectorAll("[data-verdict-key]"));
  let judgements = {};
  let at = 0;
  let saved = true;

  function key(judge) { return "waqai-review-" + sheet.id + "-" + judge; }
  function load(name) { try { return JSON.parse(localStorage.getItem(name) || "null"); } catch (error) { return null; } }
  function keep(name, value) {
    try { localStorage.setItem(name, JSON.stringify(value)); saved = true; } catch (error) { saved = false; }
    $("unsaved").hidden = saved;
  }
  function judge() { return $("judge").value.trim(); }
  function entry() { return judgements[events[at].id] || { verdict: "", flaws: [], comment: "" }; }
  function judged(event) { const j = judgements[event.id]; return Boolean(j && j.verdict); }
  function shown() { const root = $("root").value; return events.map((e, i) => i).filter((i) => !root || events[i].root === root); }
  function say(text) { $("said").textContent = text; }

  function decide(what) {
    const j = entry();
    let flaws = j.flaws;
    let verdict = j.verdict;
    if (what === "right" || what === "not_an_event") {
      verdict = verdict === what ? "" : what;
      flaws = [];
    } else {
      flaws = FLAWS.filter((f) => (f === what) !== flaws.includes(f));
      verdict = flaws.length ? "wrong" : "";
    }
    judgements[events[at].id] = { verdict: verdict, flaws: flaws, comment: j.comment };
    keep(key(judge()), judgements);
    const told = describe();
    if ((verdict === "right" || verdict === "not_an_event") && $("goon").checked && step(1)) {
      say(told + " Now event " + (at + 1) + ".");
    } else {
      draw();
      say(told);
    }
  }
  function describe() {
    const j = entry();
    if (!j.verdict) { return "Not judged yet."; }
    if (j.verdict === "right") { return "Judged: right."; }
    return j.verdict === "wrong" ? "Judged: wrong " + j.flaws.join(", ") + "." : "Judged: not an event.";
  }

  function step(by) {
    const list = shown();
    const next = by > 0 ? list.find((i) => i > at) : list.filter((i) => i < at).pop();
    if (next === undefined) { return false; }
    at = next;
    draw();
    return true;
  }
  function unjudged() {
    const list = shown();
    const next = list.find((i) => i > at && !judged(events[i]));
    const first = next === undefined ? list.find((i) => !judged(events[i])) : next;
    if (first === undefined) { say("Every event shown is judged."); return; }
    at = first;
    draw();
  }
  function go(move, fail) {
    if (move() === false) { say(fail); } else { say("Event " + (at + 1) + ". " + describe()); $("heading").focus(); }
  }

  function fact(list, name, value, side) {
    if (!value) { return; }
    const dt = document.createElement("dt");
    const dd = document.createElement("dd");
    dt.textContent = name;
    if (side) { const m = document.createElement("mark"); m.className = side; m.textContent = value; dd.append(m); } else { dd.textContent = value; }
    list.append(dt, dd);
  }
  function draw() {
    const e = events[at];
    const sentence = $("sentence");
    sentence.textContent = "";
    let position = 0;
    for (const [start, end, side] of e.spans) {
      sentence.append(e.letters.slice(position, start).join(""));
      const m = document.createElement("mark");
      m.className = side;
      m.title = side;
      m.textContent = e.letters.slice(start, end).join("");
      sentence.append(m);
      position = end;
    }
    sentence.append(e.letters.slice(position).join(""));
    $("nottold").hidden = e.whole;
    $("heading").textContent = "Event " + (at + 1) + " of " + events.length;
    const list = $("facts");
    list.textContent = "";
    fact(list, "Source", e.source, "source");
    fact(list, "Code", e.cameo + " " + e.name, "event");
    fact(list, "Target", e.target, "target");
    fact(list, "Date", (e.date || "not known") + " (" + e.precision + ")");
    fact(list, "Status", e.status);
    fact(list, "Place", e.place);
    fact(list, "Killed", e.killed);
    fact(list, "Injured", e.injured);
    fact(list, "Story", [e.story, e.published, e.publisher].filter(Boolean).join(", "));
    const j = entry();
    for (const b of buttons) {
      const what = b.dataset.verdictKey;
      b.setAttribute("aria-pressed", String(j.verdict === what || j.flaws.includes(what)));
    }
    $("comment").value = j.comment;
    $("state").textContent = describe();
    $("state").dataset.verdict = j.verdict;
    const list2 = shown();
    $("previous").disabled = !list2.some((i) => i < at);
    $("next").disabled = !list2.some((i) => i > at);
    $("number").value = String(at + 1);
    const done = events.filter(judged).length;
    $("progress").value = done;
    $("done").textContent = done + " of " + events.length + " judged";
    keep("waqai-review-" + sheet.id, { judge: judge(), at: at, keys: $("keys").checked, goon: $("goon").checked });
  }

  function cell(value) {
    let text = String(value);
    if (/^[=+@\t\r-]/.test(text)) { text = "'" + text; }
    return /[",\r\n]/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text;
  }
  function csv() {
    const lines = [COLUMNS.join(",")];
    for (const e of events) {
      const j = judgements[e.id];
      if (!j || !j.verdict) { continue; }
      const row = [sheet.id, judge(), e.id, e.root, sheet.sizes[e.root], e.cameo, j.verdict];
      lines.push(row.concat(FLAWS.map((f) => (j.flaws.includes(f) ? "1" : "")), [j.comment]).map(cell).join(","));
    }
    return lines.join("\n") + "\n";
  }
  function download() {
    const link = document.createElement("a");
    const name = judge().replace(/[^\p{L}\p{N}]+/gu, "-") || "judge";
    link.href = URL.createObjectURL(new Blob(["\ufeff" + csv()], { type: "text/csv" }));
    link.download = "review-" + sheet.id + "-" + name + ".csv";
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
    say(judge() ? "The sheet is exported." : "The sheet is exported without a name: write yours at the top to tell judges apart.");
  }

  for (const e of events) { e.letters = Array.from(e.text); }  // offsets count characters, not UTF-16 units
  const before = load("waqai-review-" + sheet.id);
  if (before) {
    $("judge").value = before.judge || "";
    at = Math.min(Math.max(0, before.at || 0), events.length - 1);
    $("keys").checked = before.keys !== false;
    $("goon").checked = before.goon !== false;
  }
  judgements = load(key(judge())) || {};
  for (const b of buttons) { b.addEventListener("click", () => decide(b.dataset.verdictKey)); }
  $("previous").addEventListener("click", () => go(() => step(-1), "This is the first event."));
  $("next").addEventListener("click", () => go(() => step(1), "This is the last event."));
  $("unjudged").addEventListener("click", unjudged);
  $("export").addEventListener("click", download);
  $("plain").addEventListener("toggle", () => { $("csv").value = $("plain").open ? csv() : ""; });
  $("number").addEventListener("change", () => {
    const wanted = Math.round(Number($("number").value));
    if (wanted >= 1 && wanted <= events.length) { at = wanted - 1; } else { say("Events are numbered 1 to " + events.length + "."); }
    draw();
  });
  $("root").addEventListener("change", () => {
    const list = shown();
    if (!list.includes(at)) { at = list[0]; }
    draw();
    say(list.length + " events shown.");
  });
  $("judge").addEventListener("change", () => {
    const own = load(key(judge()));
    if (own) {
      judgements = own;
    } else if (before && before.judge || Object.keys(judgements).length && !load(key(""))) {
      judgements = {};
    } else {
      try { localStorage.removeItem(key("")); } catch (error) { /* nothing was kept */ }
      keep(key(judge()), judgements);
    }
    draw();
    say("Judgements of " + (judge() || "nobody named") + ": " + events.filter(judged).length + ".");
  });
  $("comment").addEventListener("input", () => {
    judgements[events[at].id] = Object.assign(entry(), { comment: $("comment").value });
    keep(key(judge()), judgements);
  });
  for (const id of ["keys", "goon"]) { $(id).addEventListener("change", draw); }
  document.addEventListener("keydown", (press) => {
    if (press.ctrlKey || press.altKey || press.metaKey || /^(INPUT|TEXTAREA|SELECT)$/.test(press.target.tagName) && press.target.type !== "checkbox") { return; }
    if (!$("keys").checked) { return; }
    const button = buttons.find((b) => b.dataset.key === press.key);
    if (button) { decide(button.dataset.verdictKey); }
    else if (press.key === "ArrowRight" || press.key === "n") { go(() => step(1), "This is the last event."); }
    else if (press.key === "ArrowLeft" || press.key === "p") { go(() => step(-1), "This is the first event."); }
    else if (press.key === "u") { unjudged(); }
    else if (press.key === "c") { $("comment").focus(); }
    else { return; }
    press.preventDefault();
  });
  draw();
})();
