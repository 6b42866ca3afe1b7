"""The English words: sentences, names of layers, firms, goods, and lines of the books."""

ENGLISH_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)

ENGLISH_FIRMS = {
    "users_west": "Users, West",
    "users_china": "Users, China",
    "enterprises_west": "Enterprises, West",
    "enterprises_china": "Enterprises, China",
    "advertisers_west": "Advertisers, West",
    "advertisers_china": "Advertisers, China",
    "older_businesses": "Older businesses",
    "microsoft": "Microsoft",
    "alphabet": "Alphabet",
    "meta": "Meta",
    "amazon": "Amazon",
    "alibaba": "Alibaba",
    "tencent": "Tencent",
    "baidu": "Baidu",
    "huawei": "Huawei",
    "zhihu": "Zhihu",
    "xiaomi": "Xiaomi",
    "qihoo_360": "Qihoo 360",
    "bytedance": "ByteDance",
    "gpu_hours": "GPU-hours",
    "tokens_cached": "tokens (cached)",
    "tokens_input": "tokens (input)",
    "tokens_output": "tokens (output)",
    "queries_paid": "queries",
    "queries_free": "free queries",
}

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
    "page.swipe": "Swipe sideways to see more.",
    "page.skip": "Skip to the answer",
    "page.contents": "Contents",
    "answer": "The answer",
    "layers": "By layer",
    "over_time": "Over time",
    "graph": "Who buys from whom",
    "money": "A year's money",
    "owners": "By owner",
    "events": "Events",
    "books": "The books of a firm",
    "sources": "Where each figure comes from",
    # the answer
    "period.many": "the {months} months to {month}",
    "period.one": "{month}",
    "answer.made": "{who} made money in {period}: {amounts}.",
    "answer.lost": "{who} lost money in {period}: {amounts}.",
    "answer.nobody_made": "No layer made money in {period}.",
    "answer.nobody_lost": "No layer lost money in {period}.",
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
        "Money made or lost means operating profit of the AI business: revenue, less cost of sales, operating cost "
        "(research and marketing too) and the wear of machines."
    ),
    "answer.spending_table": "What was spent on the chain in {period}, in US dollars: final spending",
    "answer.all": "All",
    "answer.whole": "Over all {months} months of the run: {amounts}.",
    "answer.further": (
        "How much there is to spend in each sector is an input, and what it is spent on follows. Enterprises' machines "
        "and hours are compute for themselves, and reach no lab or app. Owners' older businesses rent compute too; "
        "that counts as the clouds' revenue and not as final spending. Which firms stand behind a layer's figure is in "
        "the books of a firm below, with who paid it for what."
    ),
    # what customers spend on, and what firms sell each other
    "deal.accelerators": "Machines",
    "spent.foundry": "Chips from the foundry",
    "spent.media": "Marketing",
    "spent.site": "Sites",
    "spent.seats": "Subscriptions",
    "spent.tokens": "Tokens",
    "spent.gpu_hours": "Rented GPU-hours",
    "spent.accelerators": "Machines of their own",
    "spent.attention": "Ads beside answers",
    # tables
    "table.caption": "Sums over {period}, in US dollars",
    "table.layer": "Layer",
    "table.owner": "Owner",
    "table.layers": "Active in",
    "table.month": "Month",
    "table.text": "What happened",
    "table.line": "Line",
    "table.from": "Payer",
    "table.to": "Receiver",
    "table.good": "For",
    "table.amount": "US dollars",
    "table.payer": "Who pays",
    "table.share": "Share",
    "table.none": "Nothing to show.",
    "table.data": "Data of this picture ({rows} rows)",
    "table.scroll": "Table: {title}. Scrolls sideways where there is little room.",
    "chart.scroll": "Picture: {title}. Scrolls sideways where there is little room.",
    "revenue": "Revenue",
    "operating_profit": "Operating profit",
    "operating_margin": "Operating margin",
    "free_cash_flow": "Free cash flow",
    "profit_over_final_spending": "Profit over final spending",
    "share_of_positive_profit": "Share of the profits made",
    "intra_group": "Sold inside the group",
    "layers.years": "Operating profit by calendar year, in US dollars",
    "layers.note": (
        "Layers are gross: what firms of one owner sell each other counts. Final spending is what users, enterprises "
        "and advertisers bought from the chain. Free cash flow is after machines are paid, so a layer can earn a "
        "profit and still use up cash. Shares of the profits made compare only the layers that made one."
    ),
    "owners.note": (
        "One owner can have firms in several layers. Sales inside a group are taken out here, so this table and the "
        "one by layer answer different questions: where in the chain, and whose."
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
        "circle's area is the firm's cash, a dashed ring means a loss or debt, a square is outside the chain. Sizes "
        "mean the same in every month. Point at a line or circle for its figures."
    ),
    "graph.month": "Month of the graph",
    "graph.more": "Without scripts the last month is shown; the tables of all months are in the run folder.",
    # sankey
    "sankey.title": "Where the money went, {period}",
    "sankey.summary": "{drawn} changed hands with firms of the chain. Largest: {largest}.",
    "sankey.summary_none": "No firm of the chain paid or was paid.",
    "sankey.left_out": "Not drawn: {amount} paid among {who} only, outside the chain.",
    "sankey.outside": "users, enterprises, advertisers, investors, lenders and the rest of the world",
    "sankey.pays": "Who pays",
    "sankey.gets": "Who gets it",
    "sankey.link": "{payer} to {payee}: {amount} ({purpose})",
    "sankey.goods": "Goods and services",
    "sankey.capital": "Capital and dividends",
    "sankey.node": "{name}: {got} in, {paid} out",
    "sankey.key": (
        "Money runs from right to left. Full bands are paid for goods and services, striped ones are capital from "
        "owners and investors, and dividends to them. A bar is as tall as the larger of what came in and what went "
        "out; bands that curl back run against the usual direction, such as a refund. Small firms of a layer are drawn "
        "together, and a sector outside the chain stands on the right with what it pays and on the left with what it "
        "gets: the rest of the world gets wages, power, sites and chips from the foundry."
    ),
    "sankey.year": "in {year}",
    "sankey.months": "from {first} to {last}",
    # events
    "events.count": "{count} events",
    "events.none": "Nothing out of the ordinary happened.",
    # books
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
    "books.opening": "Opening",
    "books.sold": "{good} to {other}",
    "books.bought": "{good} from {other}",
    "books.rest": "{count} smaller ones",
    "books.partial": "* not all months of the period are in this run",
    "books.noscript": "Without scripts one firm is shown, by year. All firms are in the run folder.",
    "books.none": "This run has no firm.",
    "unit.m": "millions of US dollars",
    "unit.k": "thousands of US dollars",
    "unit.1": "US dollars",
    # sources
    "sources.all": (
        "Every figure on this page is computed from the tables of one run, and those from its journal of payments and "
        "entries. The run can be repeated, to the last cent, from what stands here."
    ),
    "sources.scenario": "Scenario",
    "sources.question": "Its question",
    "sources.seed": "Seed",
    "sources.months": "Months",
    "sources.users": "Simulated users",
    "sources.set": "Changed settings",
    "sources.strategies": "Strategies of one's own",
    "sources.version": "Version",
    "sources.backend": "Computed with",
    "sources.digest": "Digest of the journal",
    "sources.started": "Started",
    "sources.status": "Status",
    "sources.nothing": "none",
    "sources.parameters": (
        "Every number that the rules use has a unit, a range and a source: see the command 'watersellers parameters'. "
        "The full scenario stands below and in the run folder's manifest."
    ),
    "sources.text": "The full scenario",
    "sources.not": (
        "What this page does not claim: the firms are stylised from published figures and are not the companies "
        "themselves; the books are those of the AI business only; one run is one draw of chance and not a forecast; "
        "nothing here is investment advice."
    ),
    # lines of the books that plain words do not say
    "line.cost_of_sales": "Cost of sales",
    "line.operating_cost": "Operating cost",
    "line.operating_profit": "Operating profit",
    "line.net_income": "Net income",
    "line.income": "Income from outside",
    "line.revaluation": "Gains less losses on stakes and claims",
    "line.equity_opening": "Equity before",
    "line.equity": "Equity",
    "line.paid_in": "Capital paid in",
    "line.dividends": "Dividends",
    "line.working_capital": "Released by working capital",
    "line.other_non_cash": "Other, not in cash",
    "line.machines": "Machines and deposits for them",
    "line.disposals": "Machines sold, deposits back",
    "line.stakes": "Stakes in others",
    "line.lending": "Lending",
    "line.capital": "Capital from owners and investors",
    "line.loans": "Loans",
    "line.dividends_paid": "Dividends paid",
    "line.operating_cash_flow": "Operating cash flow",
    "line.investing_cash_flow": "Investing cash flow",
    "line.financing_cash_flow": "Financing cash flow",
    "line.cash_opening": "Cash before",
    "line.cash": "Cash",
    "line.chip_stock": "Chips in stock",
    "line.fleet": "Machines at book value",
    "line.holdings": "Stakes in others, at cost",
    "line.customer_deposits": "Customers' deposits",
    "line.assets": "Assets",
}
