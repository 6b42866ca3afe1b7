"""The English words: sentences, headings, and names of layers."""

from watersellers.viz.words.fit_en import ENGLISH_FIT_WORDS
from watersellers.viz.words.lab_en import LAB_ENGLISH
from watersellers.viz.words.names_en import ENGLISH_LINES
from watersellers.viz.words.steps_en import ENGLISH_STEP_WORDS
from watersellers.viz.words.stories_en import ENGLISH_STORY_WORDS
from watersellers.viz.words.sweeps_en import ENGLISH_OF_SWEEPS

ENGLISH_WORDS = {
    # layers
    "chips": "Chips",
    "cloud": "Clouds",
    "labs": "Labs",
    "apps": "Apps",
    "users": "Users",
    "enterprises": "Enterprises",
    "advertisers": "Advertisers",
    "investors": "Investors",
    "lenders": "Lenders",
    "world": "Rest of the world",
    "customers": "Customers",
    "others": "Other {layer}",
    "and": " and ",
    # the page
    "page.title": "Water Sellers: {scenario}, seed {seed}",
    "page.kicker": "Who profits along the AI value chain? One simulated run.",
    "page.skip": "Skip to the answer",
    "page.contents": "Contents",
    "answer": "The answer",
    "layers": "By layer",
    "firms": "Firm by firm",
    "over_time": "Over time",
    "graph": "Who buys from whom",
    "money": "The money of a year",
    "owners": "By owner",
    "events": "Events",
    "books": "The books of a firm",
    "sources": "Where each figure comes from",
    "warnings": "What to mind in this world",
    # the answer
    "period.many": "the {months} months to {month}",
    "period.one": "{month}",
    "measure.dated": "{measure}, {period}",
    "answer.made": "{who} made money in {period}: {amounts}.",
    "answer.lost": "{who} lost money in {period}: {amounts}.",
    "answer.nobody_made": "No layer made money in {period}.",
    "answer.nobody_lost": "No layer lost money in {period}.",
    "answer.goes_on": "The run goes on to {month}; its last 12 months and each calendar year stand under By layer.",
    "answer.amount": "{name} {amount}",
    "answer.spending": (
        "Users, enterprises and advertisers spent {spent} on the chain. "
        "For every dollar of it, operating profit was {parts}."
    ),
    "answer.no_spending": (
        "Users, enterprises and advertisers spent nothing on the chain, so no share of it can be given."
    ),
    "answer.cents_made": "{cents} cents for {name}",
    "answer.cents_lost": "minus {cents} cents for {name}",
    "answer.firms_best": "The firms that earned most: {firms}.",
    "answer.firms_worst": "The firms that lost most: {firms}.",
    "answer.profit": (
        "Money made or lost means operating profit = revenue \N{MINUS SIGN} cost of sales \N{MINUS SIGN} operating "
        "cost \N{MINUS SIGN} depreciation (the wear of machines) \N{MINUS SIGN} impairment (machines written down). "
        "It covers the AI business only: it includes neither an owner's earnings from search, shops or games nor "
        "dividends and the money of investors."
    ),
    "answer.chain": (
        "The chain: chip firms sell machines to clouds; clouds rent them by the hour to labs; labs make models and "
        "sell their input and output, counted in tokens (pieces of words), to apps; apps serve users."
    ),
    "answer.beyond": (
        "A layer can earn more than all final spending, because clouds pay for machines before using them, with money "
        "of owners and investors."
    ),
    "answer.follow": "A layer or its figure links to its firms; a firm's name there links to its books.",
    "firms.key": (
        "From revenue to each firm's operating profit: revenue less the costs in the next columns; a cost that no "
        "firm of a layer has is left out. The firms of a layer add up to its figures above. A firm's name links to "
        "its books, which break down each figure by trade."
    ),
    "firms.title": "{layer}: sums over {period}, in US dollars",
    "firms.overridden": "Where a rule overrode a decision",
    "firms.overridden.key": (
        "A strategy answers for its firm, and what it answered happens, save in these months: a rule capped or replaced"
        " the answer, as cash, loans or a supplier gave less, or hosts of an open model as good capped the price."
    ),
    "firms.overridden.decision": "Decision",
    "firms.overridden.count": "Months",
    "firms.overridden.when": "When",
    "firms.span": "{first} to {last}",
    "firms.total": "{layer} together",
    # final spending
    "spending.title": "Final spending over {period}, by payer and purpose",
    "spending.total": "Final spending",
    "spending.dollar": "Cents of each dollar of final spending: {parts}.",
    "spending.part": "{cents} on {kind} for {payer}",
    "spending.rest": "{cents} on everything else",
    "spending.left_out": (
        "Not counted as final spending: {parts}. Owners' older businesses, such as search, shops or games, and states' "
        "programmes use these themselves; the sellers' profits above include these sales."
    ),
    "spending.other": "{amount} for {kind}, paid by {payers}",
    "spending.paid": "{payer} ({amount})",
    "spending.others": "{count} others ({amount})",
    "spending.assumed": (
        "The last column leaves out {assumed} of machines and GPU-hours that enterprises bought for models of their "
        "own: what they do with these, nobody in the model sees. That leaves {rest} of spending. The profits are the "
        "same in both columns and include those from the omitted sales."
    ),
    # the chain seen from outside
    "inputs.title": "What layers received for their sales over {period}, and how much of it is still an input",
    "inputs.note": (
        "Still an input: what outsiders would have paid if nothing had happened in the chain since {first}, and what"
        " firms had when the books were opened, followed from payment to payment: what would have come in anyway. Held"
        " by a ceiling: what a limit, and not the payer's wish, decides; it says how far the scenario fixes the end of"
        " growth."
    ),
    "segments.title": "What clouds sold over {period}, to their own groups and to others",
    "segments.list": "At list prices",
    "segments.cost": "At cost",
    "segments.total": "All that clouds sold",
    "segments.note": (
        "{share} of what clouds sold stayed inside their own groups, at the prices that others pay. At cost: all"
        " costs of the month, divided by the hours that were sold. Hours for open models that clouds host are not"
        " sold as such, and their cost falls on those that are."
    ),
    "segments.backlog": (
        "At the end of {month} customers had signed for {amount} of hours that are still to come: the backlog. The"
        " most, {most}, with {cloud}."
    ),
    "segment.own_use": "Own group: use in its older business",
    "segment.own_group": "Own group: its labs and apps",
    "segment.other_owners": "Other older businesses",
    "segment.states": "States",
    "segment.idle": "Nobody: months without a sale",
    "chain.profit": (
        "As one company, with machines as a cost when they wear and at what they cost the chain, the chain earned"
        " {consolidated_profit} on {external_revenue} that others were billed."
    ),
    "chain.more": (
        "Its firms together book {amount} more: profit on machines that stands in fleets, and that nobody outside has"
        " paid for yet."
    ),
    "chain.less": "Its firms together book {amount} less: machines wear that were sold at a profit earlier.",
    # tables
    "table.segment": "Customers",
    "table.hours": "GPU-hours",
    "table.sum": "Amount",
    "table.share": "Share",
    "table.exact": "US dollars, to the cent",
    "table.caption": "Sums over {period}, in US dollars",
    "table.layer": "Layer",
    "table.received": "Received for sales",
    "input_share": "Still an input",
    "ceiling_share": "Held by a ceiling",
    "table.month": "Month",
    "table.firm": "Firm",
    "table.seller": "Sold by",
    "table.owner": "Owner",
    "table.layers": "Active in",
    "table.line": "Line",
    "table.from": "Payer",
    "table.to": "Receiver",
    "table.good": "For",
    "table.amount": "US dollars",
    "table.none": "Nothing to show.",
    "table.data": "Data of this picture ({rows} rows)",
    "table.scroll": "Table: {title}. Scrolls sideways where there is little room.",
    "scroll.hint": "More to the right: swipe or scroll.",
    "chart.scroll": "Picture: {title}. Scrolls sideways where there is little room.",
    "revenue": "Revenue",
    "operating_profit": "Operating profit",
    "operating_margin": "Operating margin",
    "free_cash_flow": "Free cash flow",
    "profit_over_final_spending": "Profit over final spending",
    "profit_over_rest": "Without enterprises' own machines and GPU-hours",
    "share_of_positive_profit": "Share of the profits made",
    "intra_group": "Sold inside the group",
    "layers.years": "Operating profit by calendar year, in US dollars",
    "layers.note": (
        "Layers are gross: sales between firms of one owner count. Final spending is what users, enterprises "
        "and advertisers bought from the chain. Free cash flow is after payments for machines, so a layer can "
        "make a profit and still use up cash. Shares of the profits made compare only the layers with a profit."
    ),
    "owners.note": (
        "One owner can have firms in several layers. This table excludes sales within a group, so it answers a "
        "different question than the table by layer: whose profit it is, not where in the chain."
    ),
    "owners.sums": "Sums over {period}; {count} owners, by operating profit.",
    # lines
    "lines.cash": "Cash at the month's end, by layer",
    "lines.cash_axis": "US dollars",
    "lines.profit_over_final_spending": "Operating profit over final spending, by layer",
    "lines.profit_over_final_spending_axis": "share of what users, enterprises and advertisers spent that month",
    "lines.operating_margin": "Operating margin, by layer",
    "lines.operating_margin_axis": "operating profit as a share of revenue; no line where there is no revenue",
    "lines.summary": "From {first} to {last}. At the end: {ends}.",
    "lines.summary_one": "{first} only. {ends}.",
    "lines.end": "{name} {value}",
    "lines.empty": "No month has a value.",
    "lines.cut": "Beyond the edge: {parts}. The table has every value.",
    "lines.cut_part": "{name} (months: {months}; furthest {value} in {month})",
    # supply graph
    "graph.title": "Who paid whom in {month}",
    "graph.summary": (
        "{firms} firms and {links} trading relations, {amount} paid in the month. Largest: {largest}. "
        "Making a loss or in debt (dashed ring): {losing} of {firms} firms."
    ),
    "graph.summary_none": (
        "{firms} firms, no trading relation. Making a loss or in debt (dashed ring): {losing} of {firms} firms."
    ),
    "graph.link": "{payer} pays {payee} {amount} for {good}",
    "graph.idle": "{payer} and {payee}: a relation for {good} with no payment this month",
    "graph.node": "{name} ({layer}): cash {cash}, operating margin {margin}{state}",
    "graph.outside": "{name}: outside the chain",
    "graph.closed": ", closed",
    "graph.key": (
        "Money runs from right to left, from buyers to sellers. A line is as wide as the money paid in the month, a "
        "circle's area is the firm's cash, a dashed ring means a loss or debt. Sizes mean the same in every month. "
        "Point at a line or circle, or tap it, for its figures."
    ),
    "outside.key": "Squares, and the bars at both sides of the next picture, are outside the chain:",
    "outside.users": "people who pay for an app or use it for free",
    "outside.enterprises": "companies that buy tokens, rent GPU-hours, and buy machines for themselves",
    "outside.advertisers": "companies that pay apps to show ads",
    "outside.investors": "funds that buy shares of labs and apps, and thereby pay for their losses",
    "outside.lenders": "banks and funds that lend money to firms",
    "outside.world": "all others: the foundry that makes chips, builders, power companies, staff, media",
    "outside.older_businesses": (
        "earnings of owners from search, shops or games, which pay for their AI firms and for GPU-hours of their own"
    ),
    "outside.states": "states, whose programmes rent GPU-hours for research and for young firms",
    "outside.shareholders": (
        "owners of shares, who receive dividends; in the books they are part of the rest of the world"
    ),
    "graph.month": "Month of the graph",
    "graph.more": "Without scripts the last month is shown; the tables of all months are in the run folder.",
    # sankey
    "sankey.title": "Where the money went, {period}",
    "sankey.summary": ("{drawn} changed hands with firms of the chain, counted at each payment. Largest: {largest}."),
    "sankey.summary_none": "No firm of the chain paid or was paid.",
    "sankey.left_out": "Not drawn: {amount} paid among {who}, outside the chain.",
    "sankey.outside": "users, enterprises, advertisers, investors, lenders and the rest of the world",
    "sankey.pays": "Payers",
    "sankey.gets": "Receivers",
    "sankey.link": "{payer} to {payee}: {amount}, {purpose}",
    "sankey.goods": "payments for goods, in the colour of a firm",
    "sankey.funding": "money of investors and owners: shares bought, owners' contributions, dividends",
    "sankey.node": "{name}: {got} in, {paid} out",
    "sankey.key": (
        "Money runs from right to left. Plain bands are payments for goods, in the colour of the seller, or of the "
        "buyer where the seller stands outside the chain; striped green ones are money of investors and owners, who "
        "buy shares, put money into their firms, or take dividends out. A bar is as tall as the larger of its receipts "
        "and payments. Small firms of a layer share a bar; bands that curl back run against the usual "
        "direction. Point at a band or bar, or tap it, for its figures."
    ),
    "sankey.year": "in {year}",
    "sankey.months": "from {first} to {last}",
    # events
    "events.count": "{count} events: {kinds}.",
    "events.rare": "The turning points:",
    "events.all": "All events, by year:",
    "events.year": "{year}: {kinds}",
    "events.plain": "{who}: {what}",
    "events.exit": "wound up: {count}",
    "events.reorganised": "taken over by creditors: {count}",
    "events.short_of_incomes": "the rest of the world out of money: {count}",
    "events.seizure": "fleets seized by lenders: {count}",
    "events.closing": "closed down in time: {count}",
    "events.breakthrough": "breakthroughs: {count}",
    "events.scandal": "scandals: {count}",
    "events.pivot": "firms that sell only what pays: {count}",
    "events.grants_stopped": "owners that stop paying: {count}",
    "events.grants_resumed": "owners that pay again: {count}",
    "events.entry_failed": "entries that failed: {count}",
    "events.set": "changes set by the scenario: {count}",
    "events.strategy": "new strategies: {count}",
    "events.partners": "changes of partners: {count}",
    "events.entry": "new firms: {count}",
    "events.round": "funding rounds: {count}",
    "events.milestone": "milestones of use: {count}",
    "events.layer_turned": "layers that turned between profit and loss: {count}",
    "events.short_of_cash": "firms short of cash: {count}",
    "events.sales_halved": "sales that halved: {count}",
    "events.first_profit": "first profits: {count}",
    "events.other": "other events: {count}",
    "events.none": "Nothing out of the ordinary happened.",
    # books
    "books.opening": "Opening",
    "books.part": "{kind} ({other})",
    "books.others": "all others",
    "books.key": (
        "Indented lines show the parts of a line by good and partner; before rounding they add up to it to the cent. "
        "Lines without any amount are left out. "
        "A lab's GPU-hours are a cost of sales where they serve customers, and an operating cost where they train "
        "models. Operating cash flow is computed twice: from net income, and as receipts less payments."
    ),
    "books.choose": "Firm",
    "books.period": "Columns",
    "books.months": "Months",
    "books.quarters": "Quarters",
    "books.years": "Years",
    "books.title": "{statement} of {firm}",
    "books.unit": "in {unit}",
    "books.income": "Income statement",
    "books.cash_flow": "Cash-flow statement",
    "books.balance_sheet": "Balance sheet at the period's end",
    "books.partial": "* the run does not cover all months of the period",
    "books.noscript": "Without scripts one firm is shown, by year. All firms are in the run folder.",
    "books.none": "This run has no firm.",
    "unit.m": "millions of US dollars",
    "unit.k": "thousands of US dollars",
    "unit.1": "US dollars",
    # warnings
    "warnings.warnings": "This can be run, but it never does what it is there for:",
    "warnings.notes": "This was removed or replaced in the scenario that it extends:",
    # sources
    "sources.all": (
        "Each figure of the answer links to the firms of its layer, and each firm to its books, whose lines are sums "
        "of entries in the run's journal. The journal holds every payment and invoice with both sides, to the cent; "
        "all other figures and charts are computed from it too. The data below suffice to repeat the run to the last "
        "cent."
    ),
    "sources.scenario": "Scenario",
    "sources.question": "Its question",
    "sources.seed": "Seed",
    "sources.months": "Months",
    "sources.users": "Simulated users",
    "sources.set": "Changed settings",
    "sources.changes": "Changed while it ran",
    "sources.strategies": "User strategies",
    "sources.version": "Version",
    "sources.backend": "Computed with",
    "sources.code": "Hash of the model's code",
    "sources.digest": "Digest of the journal",
    "sources.started": "Started",
    "sources.status": "Status",
    "sources.nothing": "none",
    "sources.parameters": (
        "Every number that the rules use has a unit, a range and a source: see the command 'watersellers parameters'. "
        "The full scenario is below and in the run folder's manifest."
    ),
    "sources.text": "The full scenario",
    "sources.not": (
        "What this page does not claim: the firms are stylised from published figures and are not the companies "
        "themselves; the books cover the AI business only; one run is one draw of chance and not a forecast; nothing "
        "here is investment advice."
    ),
    **ENGLISH_FIT_WORDS,
    **ENGLISH_LINES,
    **ENGLISH_STEP_WORDS,
    **ENGLISH_STORY_WORDS,
    **LAB_ENGLISH,
    **ENGLISH_OF_SWEEPS,
}
