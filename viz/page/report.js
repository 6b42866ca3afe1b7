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

function showMonth() {
  const slider = byId("month");
  const months = document.querySelectorAll("#graph .month");
  months.forEach((each, index) => { each.hidden = index !== Number(slider.value); });
  const name = months[slider.value].dataset.month;
  slider.setAttribute("aria-valuetext", name);
  slider.parentElement.querySelector("output").textContent = name;
}

const SIZES = { months: 1, quarters: 3, years: 12 };

function periodsOf(months, period, opening) {
  const size = SIZES[period], groups = new Map();
  const first = opening ? [{ name: opening, months: [0] }] : [];
  months.forEach((month, index) => {
    if (opening && index === 0) return;
    const [year, number] = month.split("-").map(Number);
    const part = Math.floor((number - 1) / size);
    const name = size === 12 ? `${year}` : size === 3 ? `${year} Q${part + 1}` : month;
    groups.set(name, [...(groups.get(name) || []), index]);
  });
  const later = [...groups].map(([name, found]) => ({ name: name + (found.length < size ? "*" : ""), months: found }));
  return [...first, ...later];
}

function rolled(values, how) {
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

function amountsRow(name, kind, cents, how, unit, periods) {
  const row = makeElement("tr", "", kind ? { class: kind } : {});
  row.append(makeElement("th", name, { scope: "row", class: "name" }));
  for (const period of periods) {
    const values = period.months.map((index) => (Array.isArray(cents) ? cents[index] : cents));
    row.append(makeElement("td", amount(rolled(values, how), unit)));
  }
  return row;
}

function lineRows(line, data, periods) {
  const cents = data.lines[line.key];
  if (cents === 0 && !line.total) return [];
  const own = amountsRow(line.name, line.total ? "total" : "", cents, line.roll, data.cents, periods);
  const parts = (data.parts[line.key] || []).map(([name, values]) =>
    amountsRow(`\u2003${name}`, "", values, "sum", data.cents, periods));
  return [own, ...parts];
}

function statementBlock(statement, data, title, books, period) {
  const block = makeElement("div", "", { class: "statement" });
  const heading = makeElement("h3", `${title} `);
  heading.append(makeElement("span", filled(books.words.unit, { unit: data.unit }), { class: "note" }));
  const region = { class: "scroll table", tabindex: "0", role: "region", "aria-label": filled(books.words.scroll, { title }) };
  const scroll = makeElement("div", "", region);
  const table = makeElement("table", "", { class: "books" });
  const periods = periodsOf(data.months, period, statement.key === "balance_sheet" ? books.words.opening : "");
  const head = table.createTHead().insertRow();
  head.append(makeElement("th", books.words.line, { scope: "col", class: "name" }));
  for (const each of periods) head.append(makeElement("th", each.name, { scope: "col" }));
  table.createTBody().append(...statement.lines.flatMap((line) => lineRows(line, data, periods)));
  scroll.append(table);
  block.append(heading, scroll);
  return block;
}

function showBooks(books) {
  const firm = byId("firm").value, period = byId("period").value;
  const blocks = books.statements.map((statement) => {
    const title = filled(books.words.title, { statement: statement.name, firm: books.names[firm] });
    return statementBlock(statement, books.firms[firm][statement.key], title, books, period);
  });
  byId("statements").replaceChildren(...blocks);
}

if (byId("month")) {
  byId("month").addEventListener("input", showMonth);
  showMonth();
}
if (byId("books-data")) {
  const books = JSON.parse(byId("books-data").textContent);
  for (const id of ["firm", "period"]) byId(id).addEventListener("change", () => showBooks(books));
  showBooks(books);
}
