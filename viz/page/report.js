"use strict";
document.documentElement.classList.add("scripted-page");

function byId(id) { return document.getElementById(id); }

function makeElement(name, text, attributes) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) made.setAttribute(key, value);
  made.textContent = text;
  return made;
}

function filled(pattern, values) {
  return pattern.replace(/\{(\w+)\}/g, (whole, key) => (key in values ? values[key] : whole));
}

function showHints() {
  for (const hint of document.querySelectorAll(".hint")) {
    const box = hint.nextElementSibling;
    hint.classList.toggle("needed", box.scrollWidth > box.clientWidth + 1);
  }
}

function showMonth() {
  const slider = byId("month");
  const months = document.querySelectorAll("#graph .month");
  months.forEach((each, index) => { each.hidden = index !== Number(slider.value); });
  const name = months[slider.value].dataset.month;
  slider.setAttribute("aria-valuetext", name);
  slider.parentElement.querySelector("output").textContent = name;
  showHints();
}

const SIZES = { months: 1, quarters: 3, years: 12 };

function periodsOf(months, period) {
  const size = SIZES[period], groups = new Map();
  months.forEach((month, index) => {
    const [year, number] = month.split("-").map(Number);
    const part = Math.floor((number - 1) / size);
    const name = size === 12 ? `${year}` : size === 3 ? `${year} Q${part + 1}` : month;
    groups.set(name, [...(groups.get(name) || []), index]);
  });
  return [...groups].map(([name, found]) => ({ name: name + (found.length < size ? "*" : ""), months: found }));
}

function columnsOf(statement, data, period, books) {
  if (statement.key !== "balance_sheet") return periodsOf(data.months, period);
  const later = periodsOf(data.months.slice(1), period);
  for (const each of later) each.months = each.months.map((index) => index + 1);
  return [{ name: books.words.opening, months: [0] }, ...later];
}

function combined(values, how) {
  if (how === "first") return values[0];
  if (how === "last") return values[values.length - 1];
  return values.includes(null) ? null : values.reduce((sum, value) => sum + value, 0);
}

function amount(cents, unit) {
  if (cents === null) return "";
  if (cents === 0) return "\u2013";
  const size = Math.round(Math.abs(cents) / unit).toLocaleString("en-US");
  return (cents < 0 && size !== "0" ? "\u2212" : "") + size;
}

function amountRow(name, cents, roll, kind, data, periods) {
  const row = makeElement("tr", "", kind ? { class: kind } : {});
  row.append(makeElement("th", name, { scope: "row", class: "name" }));
  for (const period of periods) {
    row.append(makeElement("td", amount(combined(period.months.map((index) => cents[index]), roll), data.cents)));
  }
  return row;
}

function lineRows(line, data, periods) {
  const cents = data.lines[line.key];
  if (!cents) return [];
  const parts = data.parts[line.key] || [];
  return [
    amountRow(line.name, cents, line.roll, line.total ? "total" : "", data, periods),
    ...parts.map(([name, values]) => amountRow(name, values, "sum", "part", data, periods)),
  ];
}

function statementBlock(statement, data, title, books, period) {
  const block = makeElement("div", "", { class: "statement" });
  const heading = makeElement("h3", `${title} `);
  heading.append(makeElement("span", filled(books.words.unit, { unit: data.unit }), { class: "note" }));
  const region = { class: "scroll table", tabindex: "0", role: "region", "aria-label": filled(books.words.scroll, { title }) };
  const scroll = makeElement("div", "", region);
  const table = makeElement("table", "", { class: "books" });
  const periods = columnsOf(statement, data, period, books);
  const head = table.createTHead().insertRow();
  head.append(makeElement("th", books.words.line, { scope: "col", class: "name" }));
  for (const each of periods) head.append(makeElement("th", each.name, { scope: "col" }));
  table.createTBody().append(...statement.lines.flatMap((line) => lineRows(line, data, periods)));
  scroll.append(table);
  block.append(heading, makeElement("p", books.words.hint, { class: "hint" }), scroll);
  return block;
}

function showBooks(books) {
  const firm = byId("firm").value, period = byId("period").value;
  const blocks = books.statements.map((statement) => {
    const title = filled(books.words.title, { statement: statement.name, firm: books.names[firm] });
    return statementBlock(statement, books.firms[firm][statement.key], title, books, period);
  });
  byId("statements").replaceChildren(...blocks);
  showHints();
}

function showTapped(event) {
  const drawn = event.target.closest("svg.chart path, svg.chart g");
  const title = drawn && drawn.querySelector(":scope > title");
  if (!title) return;
  const figure = drawn.closest("figure");
  if (!figure.querySelector(".tapped")) {
    figure.insertBefore(makeElement("p", "", { class: "tapped", role: "status" }), figure.querySelector("details"));
  }
  figure.querySelector(".tapped").textContent = title.textContent;
}

const ANCHOR = "#books-of-";

function followLink(books) {
  const firm = location.hash.startsWith(ANCHOR) ? decodeURIComponent(location.hash.slice(ANCHOR.length)) : "";
  if (Object.hasOwn(books.names, firm)) byId("firm").value = firm;
  showBooks(books);
}

if (byId("month")) {
  byId("month").addEventListener("input", showMonth);
  showMonth();
}
if (byId("books-data")) {
  const books = JSON.parse(byId("books-data").textContent);
  for (const id of ["firm", "period"]) byId(id).addEventListener("change", () => showBooks(books));
  window.addEventListener("hashchange", () => followLink(books));
  followLink(books);
}
document.addEventListener("click", showTapped);
window.addEventListener("resize", showHints);
document.addEventListener("toggle", showHints, true);
showHints();
