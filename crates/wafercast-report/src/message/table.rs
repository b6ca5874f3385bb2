//! The table itself. Each line: key, English, German, Chinese. `{slots}` are filled by [`super::say`].

use crate::language::Language;

macro_rules! messages {
    ($($key:ident: $english:literal, $german:literal, $chinese:literal;)*) => {
        /// A message of the report.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[allow(missing_docs, reason = "the table beside each key says what it is")]
        pub enum Message { $($key,)* }

        impl Message {
            /// All messages.
            pub const ALL: &'static [Message] = &[$(Message::$key,)*];

            /// The text in a language, its slots unfilled.
            pub fn template(self, language: Language) -> &'static str {
                let [english, german, chinese] = match self {
                    $(Message::$key => [$english, $german, $chinese],)*
                };
                match language {
                    Language::English => english,
                    Language::German => german,
                    Language::Chinese => chinese,
                }
            }
        }
    };
}

messages! {
    // The page
    Contents: "Contents", "Inhalt", "目录";
    SwitchLanguage: "Language", "Sprache", "语言";
    SkipToContent: "Skip to the answer", "Zur Antwort springen", "跳到结论";
    MadeBy: "Wafercast {version} · {draws} draws · seed {seed}", "Wafercast {version} · {draws} Ziehungen · Startwert {seed}", "Wafercast {version} · 抽样{draws}次 · 种子{seed}";
    TableBehind: "Numbers behind this picture", "Zahlen zu diesem Bild", "图中数据";
    Missing: "Not in this run: {what}.", "In diesem Lauf nicht enthalten: {what}.", "本次运行未包含：{what}。";
    TheAnswer: "the answer in a sentence", "die Antwort in einem Satz", "一句话结论";

    // Sections
    TitleSufficiency: "How self-sufficient?", "Wie weit reicht die Selbstversorgung?", "自给程度如何？";
    TitleOutput: "Output", "Produktion", "产量";
    TitleStocks: "Stocks running down", "Schwindende Bestände", "库存消耗";
    TitleBinding: "What binds, and when", "Was begrenzt, und wann", "何时受何瓶颈制约";
    TitleClaims: "The claims, tested", "Die Behauptungen im Test", "对各项说法的检验";
    TitlePlanning: "The best use, and what one more would add", "Die beste Verwendung, und was eines mehr brächte", "最优利用，以及每多一份的价值";
    TitleEvidence: "What the observations say", "Was die Beobachtungen sagen", "观测数据说明了什么";
    TitleBacktest: "How well would it have forecast?", "Wie gut hätte es vorhergesagt?", "回测：预测得准吗？";
    TitleMarket: "Imports and demand", "Importe und Nachfrage", "进口与需求";
    TitleInstalled: "Installed base", "Installierter Bestand", "在役存量";
    TitleInputs: "Inputs", "Eingangsgrößen", "输入参数";
    TitleSources: "Sources", "Quellen", "资料来源";
    TitleMethod: "Reproduce it, and how to read it", "Nachrechnen und richtig lesen", "如何复现与解读";

    // The answer
    LeadShare: "In {period}, designers from {country} supply {median} of the AI accelerators bought there, counted by {metric} (90% range {range}).",
        "{period} liefern Entwickler aus {country} {median} der dort gekauften KI-Beschleuniger, gezählt nach {metric} (90-%-Bereich {range}).",
        "{period}，{country}的设计企业供应当地所购AI加速卡的{median}（按{metric}计，90%区间{range}）。";
    LeadShareAlso: "By {metric} it is {median} ({range}).", "Nach {metric} sind es {median} ({range}).", "按{metric}计为{median}（{range}）。";
    LeadClaim: "“{claim}” holds {futures}.", "„{claim}“ trifft {futures} zu.", "“{claim}”{futures}成立。";
    LeadShareFully: "Wholly home-made – dies, memory and packaging – make up {median} ({range}).",
        "Vollständig im Inland hergestellt – Dies, Speicher und Packaging – sind davon {median} ({range}).",
        "裸片、存储与封装全部本土制造的占{median}（{range}）。";
    LeadUnits: "Home output in {period} is {median} ({range}).",
        "Die heimische Produktion beträgt {period} {median} ({range}).",
        "{period}本土产量为{median}（{range}）。";
    LeadMultiple: "Home output grows {median} over {period} ({range}).",
        "Die heimische Produktion wächst im Zeitraum {period} auf das {median} ({range}).",
        "{period}间本土产量增至{median}（{range}）。";
    LeadChance: "Full supply from home in {period} ({depth}, {metric}) comes about {futures}.",
        "Zur vollen Eigenversorgung {period} ({depth}, {metric}) kommt es {futures}.",
        "{period}完全自给（{depth}，{metric}）{futures}成立。";
    LeadOther: "{thing}, {metric}, {period}: {median} ({range}).", "{thing}, {metric}, {period}: {median} ({range}).", "{thing}，{metric}，{period}：{median}（{range}）。";
    FigureShare: "Share of purchases, {depth}, by {metric}, {period}", "Anteil an den Käufen, {depth}, nach {metric}, {period}", "采购占比，{depth}，按{metric}，{period}";
    FigureCoverage: "Coverage of demand, {depth}, by {metric}, {period}", "Deckung der Nachfrage, {depth}, nach {metric}, {period}", "需求满足率，{depth}，按{metric}，{period}";
    FigureChance: "Futures with full supply from home, {depth}, by {metric}, {period}", "Zukünfte mit voller Eigenversorgung, {depth}, nach {metric}, {period}", "完全自给的未来，{depth}，按{metric}，{period}";
    FigureMultiple: "{thing}, growth {period}", "{thing}, Wachstum {period}", "{thing}，{period}增长";
    FigureOther: "{thing}, {metric}, {period}", "{thing}, {metric}, {period}", "{thing}，{metric}，{period}";
    OfFutures: "of 100 futures", "von 100 Zukünften", "/100种未来";
    Range90: "90% range {range}", "90-%-Bereich {range}", "90%区间 {range}";
    Reliability: "{draws} futures were drawn for {from} to {to}; chance in the drawing moves the shares by about ±{points} percentage points. A 90% range holds 90 of 100 futures.",
        "Für {from} bis {to} wurden {draws} Zukünfte gezogen; der Zufall der Ziehung verschiebt die Anteile um etwa ±{points} Prozentpunkte. Ein 90-%-Bereich enthält 90 von 100 Zukünften.",
        "针对{from}至{to}共抽取{draws}种未来；抽样误差使占比波动约±{points}个百分点。90%区间包含100种未来中的90种。";
    AsOf: "Only what was published by {date} is used.", "Verwendet ist nur, was bis {date} veröffentlicht war.", "仅使用{date}前已公开的信息。";
    WithChanges: "Changed from the scenario as shipped: {set}.", "Gegenüber dem Szenario geändert: {set}.", "相对原情景的改动：{set}。";

    // Futures
    FuturesSome: "in {n} of 100 futures", "in {n} von 100 Zukünften", "在100种未来中的{n}种";
    FuturesNone: "in none of {draws} futures", "in keiner von {draws} Zukünften", "在{draws}种未来中无一";
    FuturesAll: "in all {draws} futures", "in allen {draws} Zukünften", "在全部{draws}种未来中";
    FuturesFew: "in fewer than 1 of 100 futures", "in weniger als 1 von 100 Zukünften", "在100种未来中不足1种";
    FuturesMost: "in more than 99 of 100 futures", "in mehr als 99 von 100 Zukünften", "在100种未来中的99种以上";
    PlusMinus: "± {points} in 100 (standard error)", "± {points} von 100 (Standardfehler)", "±{points}/100（标准误）";
    LessThan: "< {n}", "< {n}", "<{n}";

    // What is counted
    MetricUnits: "units", "Stückzahl", "数量";
    MetricValue: "value", "Wert", "金额";
    MetricH100e: "compute (H100 equivalents)", "Rechenleistung (H100-Äquivalente)", "算力（H100当量）";
    MetricTpp: "total processing performance", "Gesamtrechenleistung (TPP)", "总处理性能（TPP）";
    DepthDesigned: "designed at home", "im Inland entwickelt", "本土设计";
    DepthFabricated: "dies made at home", "Dies im Inland gefertigt", "裸片本土制造";
    DepthFully: "fully home-made", "vollständig im Inland hergestellt", "完全本土制造";
    Home: "Home designers", "Heimische Entwickler", "本土设计企业";
    Imports: "Imports", "Importe", "进口";
    All: "Home and imports", "Inland und Importe", "本土与进口合计";
    Legal: "Legal imports", "Legale Importe", "合法进口";
    Smuggled: "Smuggled imports", "Geschmuggelte Importe", "走私进口";
    Demand: "Demand", "Nachfrage", "需求";
    Model: "Model", "Modell", "模型";
    Observed: "Observed", "Beobachtet", "观测值";

    // Units
    UnitUnits: "accelerators", "Beschleuniger", "块加速卡";
    UnitDollars: "US dollars", "US-Dollar", "美元";
    UnitStacks: "stacks", "Stapel", "颗堆栈";
    UnitDies: "dies", "Dies", "颗裸片";
    UnitWafers: "wafers", "Wafer", "片晶圆";
    UnitWafersPerMonth: "wafers per month", "Wafer je Monat", "片晶圆/月";
    UnitPackages: "packages", "Packages", "个封装";
    UnitPackagesPerMonth: "packages per month", "Packages je Monat", "个封装/月";
    UnitUnitsPerMonth: "accelerators per month", "Beschleuniger je Monat", "块加速卡/月";
    PerMonth: "{what} per month", "{what} je Monat", "每月{what}";

    // Time
    MonthNames: "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec", "Jan. Feb. März Apr. Mai Juni Juli Aug. Sep. Okt. Nov. Dez.", "1月 2月 3月 4月 5月 6月 7月 8月 9月 10月 11月 12月";
    Quarter: "Q{quarter} {year}", "{quarter}. Quartal {year}", "{year}年第{quarter}季度";
    UpTo: "up to {month}", "bis {month}", "截至{month}";
    Month: "Month", "Monat", "月份";
    Period: "Period", "Zeitraum", "时期";
    PerYear: "Per year", "Je Jahr", "按年";

    // Statistics and charts
    Median: "median", "Median", "中位数";
    Mean: "mean", "Mittel", "均值";
    DataEnd: "data end", "Datenende", "数据截止";
    HowRanges: "Thin line: 90 of 100 futures; thick: 50; mark: median. Dashed: end of the last whole year of data.", "Dünne Linie: 90 von 100 Zukünften; dicke: 50; Zeichen: Median. Gestrichelt: Ende des letzten vollen Jahres mit Daten.", "细线：100种未来中的90种；粗线：50种；标记：中位数。虚线：最后一个完整数据年度之末。";
    HowFans: "The bands hold 50, 80 and 95 of 100 futures. Thin lines are example futures, each one possible course of events. The line at the data’s end parts history from forecast: the median is drawn solid before it and dashed after.",
        "Die Bänder enthalten 50, 80 und 95 von 100 Zukünften. Dünne Linien sind Beispiele, jede ein möglicher Verlauf. Am Ende der Daten trennt eine Linie Vergangenheit und Prognose: Der Median ist davor durchgezogen, danach gestrichelt.",
        "色带分别包含100种未来中的50、80和95种。细线为示例未来，每条代表一种可能的走势。竖线处数据截止，左为历史（中位数为实线），右为预测（虚线）。";
    WordsFlow: "Median: {first} per month in {from}, {last} in {to}; 90 of 100 futures then lie within {range}.",
        "Median: {first} je Monat im {from}, {last} im {to}; 90 von 100 Zukünften liegen dann bei {range}.",
        "中位数：{from}每月{first}，{to}每月{last}；届时100种未来中有90种落在{range}之间。";
    WordsLevel: "Median: {first} in {from}, {last} in {to}; 90 of 100 futures then lie within {range}.",
        "Median: {first} im {from}, {last} im {to}; 90 von 100 Zukünften liegen dann bei {range}.",
        "中位数：{from}为{first}，{to}为{last}；届时100种未来中有90种落在{range}之间。";
    WordsYear: "In {period} the median is {median}, and 90 of 100 futures lie within {range}.", "{period} liegt der Median bei {median}, und 90 von 100 Zukünften liegen im Bereich {range}.", "{period}中位数为{median}，100种未来中有90种落在{range}之间。";
    WordsMedians: "Medians in {period}: {medians}.", "Mediane {period}: {medians}.", "{period}中位数：{medians}。";
    WordsDots: "Each dot stands for {n} in 100 futures; 10 of 100 lie below {low}.", "Jeder Punkt steht für {n} von 100 Zukünften; 10 von 100 liegen unter {low}.", "每个圆点代表100种未来中的{n}种；其中10种低于{low}。";
    NameAndValue: "{name} {value}", "{name} {value}", "{name}{value}";
    NameAndKind: "{name} ({kind})", "{name} ({kind})", "{name}（{kind}）";

    // Self-sufficiency
    ShareOfPurchases: "Share of purchases", "Anteil an den Käufen", "采购占比";
    ShareOfPurchasesText: "Home supply divided by all that is bought, home and imported. It also rises when imports are cut off.", "Heimisches Angebot geteilt durch alles Gekaufte, heimisch und importiert. Der Anteil steigt auch, wenn Importe wegfallen.", "本土供给除以全部采购（本土加进口）。进口被切断时该比例也会上升。";
    Coverage: "Coverage of demand", "Deckung der Nachfrage", "需求满足率";
    CoverageText: "Home supply divided by what buyers would take if they could get it, at most 100%. Cutting off imports does not raise it.", "Heimisches Angebot geteilt durch das, was Käufer nähmen, wenn sie es bekämen, höchstens 100 %. Wegfallende Importe erhöhen sie nicht.", "本土供给除以买方在供应不受限时的需求，上限100%。切断进口不会使其上升。";
    DotsText: "How the share of purchases by units comes out in {period}.", "Wie der Anteil an den Käufen nach Stückzahl {period} ausfällt.", "{period}按数量计的采购占比分布。";
    ShareIn: "{what} by {metrics}", "{what} nach {metrics}", "{what}（按{metrics}）";

    // Output
    HomeFully: "Fully home-made output", "Vollständig im Inland Hergestelltes", "完全本土制造的产量";
    HomeByYear: "Home output by year", "Heimische Produktion je Jahr", "本土年产量";
    ByDesigner: "By designer", "Nach Entwickler", "按设计企业";
    ByChip: "By accelerator", "Nach Beschleuniger", "按加速卡";
    OwnScales: "Each panel has its own scale; the largest come first.", "Jedes Feld hat seine eigene Skala; die größten stehen vorn.", "各图刻度不同；按规模从大到小排列。";
    AllByYear: "All, by year", "Alle, je Jahr", "全部，按年";
    History: "History against the model", "Vergangenheit gegen Modell", "历史与模型对照";
    HistoryText: "What was observed, beside what the model gives for the same period.", "Beobachtungen neben dem, was das Modell für denselben Zeitraum ergibt.", "观测值与模型同期结果对照。";
    ObservedPerMonth: "Observed in the period, as a mean per month", "Beobachtet im Zeitraum, als Mittel je Monat", "该时期观测值（月均）";
    Observation: "Observation", "Beobachtung", "观测项";
    InsideRange: "Within the model’s 90% range", "Im 90-%-Bereich des Modells", "是否落在模型90%区间";
    Inside: "yes", "ja", "是";
    Outside: "no", "nein", "否";
    BelowObserved: "Futures below it", "Zukünfte darunter", "低于观测值的未来";

    // Stocks
    StocksText: "Parts in stock at the end of each month, from all origins. When a stock is gone, output falls to what is newly made.", "Teile im Lager am Ende jedes Monats, gleich welcher Herkunft. Ist ein Bestand aufgebraucht, sinkt die Produktion auf das, was neu entsteht.", "各月末所有来源的零部件库存。库存耗尽后，产量只能取决于新增供给。";
    StockUsedUp: "{thing}: the median peaks in {peak} and is below {share} of that from {month}.", "{thing}: Der Median ist am höchsten im {peak} und ab {month} unter {share} davon.", "{thing}：中位数于{peak}达到峰值，自{month}起低于峰值的{share}。";
    StocksLast: "In the median the others do not run out.", "Im Median gehen die übrigen nicht aus.", "其余库存的中位数不会耗尽。";

    // Binding
    BindingText: "A resource binds when more of it would have meant more accelerators that month. Height and shade of a bar show the share of futures; the number above a year is its mean. Where the planned volume binds, parts would have allowed more.", "Eine Ressource begrenzt, wenn mehr von ihr in dem Monat mehr Beschleuniger ergeben hätte. Höhe und Farbtiefe eines Balkens zeigen den Anteil der Zukünfte; die Zahl über einem Jahr ist sein Mittel. Wo die geplante Menge begrenzt, hätten die Teile mehr erlaubt.", "若某资源增加就能使当月产出更多加速卡，即为瓶颈。柱高与色深表示未来中的占比；年份上方的数字为该年均值。若瓶颈为计划产量，则零部件本可支持更多产出。";
    BindingByChip: "The resources that bind most often, for the accelerators built most.", "Die Ressourcen, die am häufigsten begrenzen, für die meistgebauten Beschleuniger.", "产量最大的加速卡及其最常见的瓶颈资源。";
    WordsBinding: "Binds most often: {list} of futures.", "Am häufigsten begrenzt: {list} der Zukünfte.", "最常见的瓶颈：{list}的未来。";
    WordsBindingYear: "{period} {thing}, {share}", "{period} {thing}, {share}", "{period}{thing}，{share}";
    NothingBinds: "No resource binds.", "Keine Ressource begrenzt.", "没有瓶颈资源。";
    ShareOfFutures: "Share of futures, mean of the year’s months", "Anteil der Zukünfte, Mittel der Monate des Jahres", "未来占比（全年各月均值）";
    Resource: "Resource", "Ressource", "资源";
    KindDie: "logic dies", "Logik-Dies", "逻辑裸片";
    KindMemory: "memory", "Speicher", "存储";
    KindPackaging: "packaging", "Packaging", "封装";
    KindCap: "planned volume", "geplante Menge", "计划产量";
    PlannedVolume: "Planned volume", "Geplante Menge", "计划产量";

    // Claims
    ClaimsText: "Sentences made into formulas and tested in every future; what cannot be a formula is answered from the fact base.", "Sätze, als Formel in jeder Zukunft geprüft; was keine Formel sein kann, beantwortet die Faktensammlung.", "将各项说法写成公式并在每种未来中检验；无法公式化的，由事实库作答。";
    Claim: "Claim", "Behauptung", "说法";
    Answer: "It holds …", "Sie trifft zu …", "成立情况";
    WhereItFails: "Where it fails, this binds (share of those futures)", "Wo sie scheitert, begrenzt (Anteil dieser Zukünfte)", "不成立时的瓶颈（占此类未来之比）";
    FromFacts: "from the fact base", "aus der Faktensammlung", "依据事实库";
    VerdictTrue: "True", "Richtig", "属实";
    VerdictMostlyTrue: "Mostly true", "Überwiegend richtig", "大体属实";
    VerdictUnclear: "Unclear", "Unklar", "尚不明确";
    VerdictMostlyFalse: "Mostly false", "Überwiegend falsch", "大体不实";
    VerdictFalse: "False", "Falsch", "不实";

    // Sensitivity
    TitleSensitivity: "What moves the answer", "Was die Antwort bewegt", "什么左右结果";
    SensitivityText: "One input at a time is set low (its 10th percentile), then high (its 90th), while everything else stays as it is in the same futures. The longer the bar, the more the answer depends on that input. {n} inputs are uncertain; shares and correlations come from {draws} futures.",
        "Je eine Eingangsgröße wird niedrig (10. Perzentil) und dann hoch (90.) gesetzt, während in denselben Zukünften alles andere bleibt. Je länger der Balken, desto mehr hängt die Antwort von ihr ab. {n} Eingangsgrößen sind unsicher; Anteile und Korrelationen stammen aus {draws} Zukünften.",
        "每次只把一项输入设低（第10百分位），再设高（第90百分位），同一批未来中的其他一切保持不变。横条越长，结果越依赖该输入。共有{n}项不确定输入；占比与相关系数来自{draws}种未来。";
    InputLow: "input low, or without the event", "Größe niedrig, oder ohne das Ereignis", "输入偏低，或事件未发生";
    InputHigh: "input high, or with the event", "Größe hoch, oder mit dem Ereignis", "输入偏高，或事件发生";
    HowTornado: "Black line at the high end: sampling error (one standard error) of the bar’s length.", "Schwarze Linie am hohen Ende: Stichprobenfehler (ein Standardfehler) der Balkenlänge.", "高端黑线：条长的抽样误差（一个标准误）。";
    WordsTornado: "Moved most by {input}: {low} if it is low, {high} if it is high.", "Am stärksten bewegt von {input}: {low}, wenn niedrig, {high}, wenn hoch.", "影响最大的是{input}：偏低时为{low}，偏高时为{high}。";
    WordsEvent: "Moved most by {input}: {low} if it does not happen, {high} if it does.", "Am stärksten bewegt von {input}: {low}, wenn es nicht eintritt, {high}, wenn doch.", "影响最大的是{input}：不发生时为{low}，发生时为{high}。";
    WordsExplains: "Knowing {input} alone would remove {share} of the variance.", "Allein {input} zu kennen, nähme {share} der Varianz weg.", "仅知道{input}就能消除{share}的方差。";
    TornadoCaption: "Mean with the input low and high; error of the difference; Spearman’s rank correlation; share of the variance explained alone", "Mittel mit niedriger und hoher Größe; Fehler der Differenz; Rangkorrelation nach Spearman; allein erklärter Anteil der Varianz", "输入偏低与偏高时的均值；差值的误差；斯皮尔曼等级相关；单独解释的方差占比";
    RankCorrelation: "rank correlation", "Rangkorrelation", "等级相关";
    Explains: "explains", "erklärt", "解释占比";
    ByTopic: "By topic", "Nach Thema", "按主题";
    ByTopicText: "All of the variance, shared out among topics without remainder (Shapley effects), with the sampling error. Inputs that only matter together are shared equally.", "Die ganze Varianz, ohne Rest auf Themen verteilt (Shapley-Effekte), mit Stichprobenfehler. Was nur gemeinsam wirkt, ist gleich verteilt.", "全部方差在各主题间无遗漏地分配（Shapley效应），附抽样误差。仅在共同作用时有影响的部分平均分摊。";
    TopicHead: "Topic", "Thema", "主题";
    TopicYield: "yield", "Ausbeute", "良率";
    TopicLogicLines: "logic lines", "Logik-Linien", "逻辑产线";
    TopicStockedDies: "stocked dies", "Dies auf Lager", "库存裸片";
    TopicMemory: "memory (HBM)", "Speicher (HBM)", "存储（HBM）";
    TopicPackaging: "packaging", "Packaging", "封装";
    TopicProductPlan: "product plans", "Produktpläne", "产品计划";
    TopicProducts: "performance, price and life of products", "Leistung, Preis und Lebensdauer der Produkte", "产品的性能、价格与寿命";
    TopicImports: "imports", "Importe", "进口";
    TopicDemand: "demand", "Nachfrage", "需求";
    TopicEvents: "policy and events", "Politik und Ereignisse", "政策与事件";
    TopicOther: "other", "Sonstiges", "其他";
    MovesClaims: "What moves the claims", "Was die Behauptungen bewegt", "什么左右各项说法";
    MovesClaimsText: "Futures in which a claim holds with an input low (or without an event), and high (or with it).", "Anteil der Zukünfte, in denen eine Behauptung zutrifft: mit niedriger Größe (oder ohne das Ereignis) und mit hoher (oder mit ihm).", "输入偏低（或事件未发生）与偏高（或发生）时，该说法成立的未来占比。";
    MovedBy: "Moved most by", "Am stärksten bewegt von", "影响最大的输入";
    FromTo: "{low} → {high}", "{low} → {high}", "{low}→{high}";
    IsEvent: "(event)", "(Ereignis)", "（事件）";

    // Value of information
    TitleLearning: "What to look up next", "Was als Nächstes zu klären ist", "接下来该查什么";
    LearningText: "If one input could be looked up and were then known, how much of the doubt about an answer would go, on average? That is its value of information: the expected fall of the squared error of the forecast, read from {draws} futures. The most valuable input is not the widest one, but the one whose width matters.",
        "Ließe sich eine Eingangsgröße klären, wie viel Zweifel an einer Antwort verschwände im Mittel? Das ist ihr Informationswert: der erwartete Rückgang des quadratischen Fehlers der Prognose, abgelesen aus {draws} Zukünften. Am wertvollsten ist nicht die breiteste Größe, sondern die, deren Breite zählt.",
        "若能查明某一项输入，对结论的疑问平均会减少多少？这就是它的信息价值：预测平方误差的期望降幅，由{draws}种未来读出。最有价值的并非区间最宽的输入，而是其宽度真正影响结果的输入。";
    NothingToLearn: "No single input, if it were known, would change an answer noticeably.", "Keine einzelne Größe würde, wenn bekannt, eine Antwort merklich ändern.", "没有任何单项输入在查明后会明显改变结论。";
    LearnOverall: "For all claims together", "Für alle Behauptungen zusammen", "对全部说法";
    LearnOverallText: "Share of the doubt about all claims – the sum of p·(1 − p) – that knowing the input would remove, with its sampling error at most.", "Anteil des Zweifels an allen Behauptungen – der Summe von p·(1 − p) –, den die Kenntnis der Größe nähme, mit dem Stichprobenfehler als Obergrenze.", "查明该输入可消除的对全部说法的疑问（p·(1−p)之和）占比，附抽样误差上限。";
    LearnByTarget: "For each question", "Für jede Frage", "对各个问题";
    LearnByTargetText: "The inputs worth most, with the share of the variance that knowing each would remove and what they rest on today.", "Die wertvollsten Größen, mit dem Anteil der Varianz, den die Kenntnis jeder nähme, und worauf sie heute beruhen.", "最有价值的输入、查明后可消除的方差占比及其目前依据。";
    Removes: "removes", "nimmt", "可消除";
    Question: "Question", "Frage", "问题";
    LookUp: "Look up", "Zu klären", "应查明";
    // Evidence
    EvidenceText: "Each future agrees more or less with what has been counted since. Here the futures that agree count for more, and those that do not for less: so the forecast learns from the counts.",
        "Jede Zukunft stimmt mehr oder weniger mit dem überein, was seither gezählt wurde. Hier zählen die passenden Zukünfte mehr und die anderen weniger: So lernt die Vorhersage aus den Zählungen.",
        "每种未来与此后公布的统计相符的程度不同。此处相符者权重更大，不符者权重更小：预测由此从数据中学习。";
    EvidenceWeights: "{n} observations weigh {draws} futures, which then are as good as {weights} of equal weight.",
        "{n} Beobachtungen gewichten {draws} Zukünfte, die dann so gut sind wie {weights} gleich gewichtete.",
        "{n}项观测为{draws}种未来加权，其效力相当于{weights}种等权未来。";
    EvidenceTempered: "Weighed by {n} observations, {draws} futures would be as good as {weights} of equal weight, too few. So the observations were brought in by degrees and futures moved towards them (tempered sequential Monte Carlo, {simulated} further futures simulated); the numbers after rest on {effective} independent lineages.",
        "Mit {n} Beobachtungen gewichtet wären {draws} Zukünfte nur so gut wie {weights} gleich gewichtete. Deshalb wurden die Beobachtungen stufenweise eingeführt und die Zukünfte zu ihnen hin bewegt (sequenzielles Monte-Carlo-Verfahren mit Temperierung, {simulated} weitere Zukünfte simuliert); die Zahlen danach ruhen auf {effective} unabhängigen Linien.",
        "用{n}项观测加权后，{draws}种未来只相当于{weights}种等权未来，过少。因此逐步引入观测并使未来向其移动（退火序贯蒙特卡洛，另模拟{simulated}种未来）；之后的数字基于{effective}条独立谱系。";
    BeforeEvidence: "before", "vorher", "之前";
    AfterEvidence: "after", "nachher", "之后";
    EvidencePicture: "What was observed, and what the model gave before and after (observed = 1; grey: 90% range of the observation)", "Was beobachtet wurde, und was das Modell vorher und nachher ergab (Beobachtung = 1; grau: ihr 90-%-Bereich)", "观测值与模型之前、之后的结果（观测值=1；灰色为观测的90%区间）";
    EvidencePValues: "p: chance of a report at least as far from the model's middle, before; p given the rest: the same once all other observations weigh.",
        "p: Wahrscheinlichkeit einer Meldung, die mindestens so weit von der Modellmitte liegt, vorher; p bei den übrigen: dasselbe, wenn alle anderen Beobachtungen gewichten.",
        "p：之前出现至少同样偏离模型中心的报告的概率；给定其余时的p：其他观测均已加权时的同一概率。";
    PValue: "p", "p", "p";
    PValueGivenOthers: "p given the rest", "p bei den übrigen", "给定其余时的p";
    WordsEvidence: "Least expected was {name}: a report so far off has a chance of {p}.", "Am wenigsten erwartet war {name}: Eine so weit entfernte Meldung hat die Wahrscheinlichkeit {p}.", "最出乎意料的是“{name}”：如此偏离的概率为{p}。";
    ValueAndRange: "{value} ({range})", "{value} ({range})", "{value}（{range}）";
    NotWeighed: "Not weighed: {list}.", "Nicht gewichtend: {list}.", "未参与加权：{list}。";
    LeftOutDeclared: "so the scenario says", "so will es das Szenario", "情景如此规定";
    LeftOutZero: "a zero without a range", "eine Null ohne Bereich", "无区间的零值";
    LeftOutOfReach: "no future comes near it", "keine Zukunft kommt ihr nahe", "没有未来与之接近";
    LeftOutContradicts: "no future agrees with it and with the others at once", "keine Zukunft passt zugleich zu ihr und zu den anderen", "没有未来同时与其及其他观测相符";
    EvidenceOutputs: "The forecast before and after", "Die Vorhersage vorher und nachher", "预测的前后对比";
    EvidenceOutputsText: "Home designers' output by year. Where both ranges are alike, the observations say nothing about it.", "Produktion heimischer Entwickler nach Jahren. Wo beide Bereiche gleich sind, sagen die Beobachtungen nichts darüber.", "本土设计企业各年产量。两区间相同之处，观测未提供信息。";
    EvidenceShare: "Share of purchases, in compute", "Anteil an den Käufen, nach Rechenleistung", "采购占比（按算力）";
    WordsBeforeAfter: "{period}: median {before} before, {after} after.", "{period}: Median {before} vorher, {after} nachher.", "{period}：中位数之前{before}，之后{after}。";
    EvidenceClaims: "Claims whose chance moved by more than its error: true in … of 100 futures, ± standard error", "Behauptungen, deren Wahrscheinlichkeit sich um mehr als ihren Fehler bewegt hat: richtig in … von 100 Zukünften, ± Standardfehler", "概率变化超出误差的说法：每100种未来中成立的次数，±标准误";
    EvidenceMovers: "Which observation moves the mean: alone, against none; as the last, when it joins all others", "Welche Beobachtung den Mittelwert bewegt: allein, gegen keine; als letzte, wenn sie zu allen anderen kommt", "哪项观测移动了均值：单独加入；最后加入（其余均已计入）";
    OutputMean: "Output", "Größe", "输出量";
    Alone: "alone", "allein", "单独";
    StandardError: "standard error", "Standardfehler", "标准误";
    AsTheLast: "as the last", "als letzte", "最后加入";
    EvidenceInputs: "Inputs about which most was learnt: shift of the middle in standard deviations, and width after over width before", "Eingangsgrößen, über die am meisten gelernt wurde: Verschiebung der Mitte in Standardabweichungen und Breite nachher zu vorher", "学到最多的输入：中心位移（标准差）与前后宽度之比";
    ShiftInDeviations: "shift", "Verschiebung", "位移";
    Narrowing: "width", "Breite", "宽度";
    Conflicts: "What does not go together", "Was nicht zusammenpasst", "相互矛盾之处";
    ConflictUnexpected: "{name}: the inputs hardly allow it (p {p}).", "{name}: Die Eingangsgrößen lassen es kaum zu (p {p}).", "{name}：输入几乎不允许（p {p}）。";
    ConflictPair: "{first} and {second} pull against each other: together {times} times less likely than apart.", "{first} und {second} ziehen in verschiedene Richtungen: gemeinsam {times}-mal unwahrscheinlicher als einzeln.", "“{first}”与“{second}”相互抵触：同时出现的可能性比各自独立时低{times}倍。";
    ConflictShared: "From shared pages, so their errors are not independent and together they weigh too much: {list}.", "Von gemeinsamen Seiten, also mit abhängigen Fehlern; zusammen wiegen sie zu viel: {list}.", "出自同一页面，误差并不独立，合计权重偏大：{list}。";
    ConflictInputs: "Inputs already rest on the facts of these, so agreement is fit and not proof: {list}.", "Auf deren Fakten beruhen bereits Eingangsgrößen; Übereinstimmung ist Anpassung und kein Beleg: {list}.", "输入已依据这些事实设定，相符只是拟合而非证明：{list}。";
    NoConflict: "Nothing was found.", "Es wurde nichts gefunden.", "未发现矛盾之处。";

    // Back-tests
    BacktestText: "What would this scenario have forecast on earlier days, from what had been published by then? Each forecast is held against what came, beside simple rules and what others had said. The score (CRPS) is the mean distance of the forecast from the outcome as a share of it: 0.20 is as good as a bare number 20% off; smaller is better.",
        "Was hätte dieses Szenario an früheren Tagen vorhergesagt, aus dem damals Veröffentlichten? Jede Vorhersage steht neben dem, was kam, neben einfachen Regeln und neben dem, was andere gesagt hatten. Die Note (CRPS) ist der mittlere Abstand der Vorhersage vom Ergebnis als Anteil davon: 0,20 ist so gut wie eine bloße Zahl, die 20 % danebenliegt; kleiner ist besser.",
        "若只用当时已公布的信息，本情景在较早日期会作何预测？每项预测都与实际结果对照，并与简单规则及他人预测并列。评分（CRPS）为预测与结果的平均距离占结果之比：0.20相当于一个偏差20%的单一数字；越小越好。";
    BacktestWon: "None of {all} rivals did better on average than this scenario.", "Keiner von {all} Rivalen war im Mittel besser als dieses Szenario.", "{all}个对手中无一平均优于本情景。";
    BacktestLost: "{lost} of {all} rivals did better on average than this scenario; the table below names them.", "{lost} von {all} Rivalen waren im Mittel besser als dieses Szenario; die Tabelle unten nennt sie.", "{all}个对手中有{lost}个平均优于本情景，见下表。";
    BacktestNoRivals: "Nobody else had forecast any of it.", "Niemand sonst hatte etwas davon vorhergesagt.", "此前无人对其作出预测。";
    AsOfDay: "as of {day}", "Stand {day}", "截至{day}";
    BacktestPicture: "What was forecast for each outcome (outcome = 1; grey: 90% range of the count)", "Was für jedes Ergebnis vorhergesagt war (Ergebnis = 1; grau: 90-%-Bereich der Zählung)", "对各结果的预测（结果=1；灰色为统计的90%区间）";
    BacktestTable: "90% ranges of the forecasts, and their scores", "90-%-Bereiche der Vorhersagen und ihre Noten", "各预测的90%区间及评分";
    WordsBacktest: "As of {day}, {half} of {n} outcomes lay in the 50% range and {most} in the 90% range; a good forecast has half and nine tenths.", "Mit Stand {day} lagen {half} von {n} Ergebnissen im 50-%-Bereich und {most} im 90-%-Bereich; eine gute Vorhersage hat die Hälfte und neun Zehntel.", "截至{day}，{n}项结果中{half}项落入50%区间，{most}项落入90%区间；良好的预测应为一半与九成。";
    Outcome: "Outcome", "Ergebnis", "结果";
    Outcomes: "Outcomes", "Ergebnisse", "结果数";
    Crps: "CRPS", "CRPS", "CRPS";
    LogScore: "log score", "Log-Note", "对数评分";
    Within50: "in 50%", "in 50 %", "50%区间内";
    Within90: "in 90%", "in 90 %", "90%区间内";
    Forecaster: "Who", "Wer", "预测者";
    Forecast: "Forecast", "Vorhersage", "预测";
    KnowledgeDay: "As of", "Stand", "截至";
    ThisScenario: "this scenario", "dieses Szenario", "本情景";
    Persistence: "persistence: the last count goes on", "Persistenz: die letzte Zählung gilt weiter", "持续法：沿用上次统计";
    Trend: "log-linear trend", "log-linearer Trend", "对数线性趋势";
    Rival: "Rival", "Rivale", "对手";
    RivalCrps: "its CRPS", "sein CRPS", "其CRPS";
    ScenarioCrps: "scenario's CRPS", "CRPS des Szenarios", "情景CRPS";
    Better: "Better", "Besser", "较优者";
    BacktestScores: "Mean scores, each on what it forecast", "Mittlere Noten, jeweils über das Vorhergesagte", "平均评分（各按其所预测者）";
    BacktestContests: "Against each rival, on the outcomes that both forecast", "Gegen jeden Rivalen, über die von beiden vorhergesagten Ergebnisse", "与各对手比较（双方均有预测的结果）";
    BacktestPublished: "What others had published", "Was andere veröffentlicht hatten", "他人已发布的预测";
    Hindsight: "What hindsight may remain", "Was an Rückschau bleiben kann", "可能残留的后见之明";
    HindsightText: "No forecast here cites a fact published later. But assumptions were written later, by people who may have known what came, so the scenario's scores are an upper bound of its skill. {list}.",
        "Keine Vorhersage hier stützt sich auf später Veröffentlichtes. Doch Annahmen wurden später geschrieben, von Menschen, die das Ergebnis kennen konnten; die Noten des Szenarios sind eine obere Schranke seines Könnens. {list}.",
        "此处预测均未引用后来公布的事实。但假设是事后写就，作者可能已知结果，因此情景评分只是其能力的上限。{list}。";
    HindsightDay: "{day}: {sourced} uncertain numbers rest on facts of that time, {assumed} are assumptions", "{day}: {sourced} unsichere Zahlen beruhen auf Fakten jener Zeit, {assumed} sind Annahmen", "{day}：{sourced}个不确定数字依据当时事实，{assumed}个为假设";

    // Market
    SupplyAndDemand: "Supply against demand", "Angebot und Nachfrage", "供给与需求";
    DemandText: "Deliveries from home and abroad beside unconstrained demand, where the scenario counts it in the same measure.", "Lieferungen aus dem In- und Ausland neben der unbeschränkten Nachfrage, wo das Szenario sie im selben Maß zählt.", "本土与进口供货量及不受限需求的对比（情景以同一度量给出需求时）。";
    ImportsText: "Foreign accelerators arriving per year and month.", "Eintreffende ausländische Beschleuniger je Jahr und Monat.", "每年与每月到货的外国加速卡。";
    LegalAndSmuggled: "Imports by legal status", "Importe nach Rechtslage", "按合法性划分的进口";

    // Installed base
    InstalledText: "Accelerators in service at the end of each month; they retire after their lifetime.", "Beschleuniger im Einsatz am Ende jedes Monats; nach ihrer Lebensdauer scheiden sie aus.", "各月末在役加速卡；超过使用寿命即退役。";

    // Inputs
    InputsText: "{all} inputs, {uncertain} of them uncertain. {assumptions} rest on no published fact and are marked as assumptions. Bars show the 90% range relative to the median, from ⅛ to 8 times, on a logarithmic scale.", "{all} Eingangsgrößen, davon {uncertain} unsicher. {assumptions} stützen sich auf keinen veröffentlichten Fakt und sind als Annahmen gekennzeichnet. Balken zeigen den 90-%-Bereich im Verhältnis zum Median, von ⅛ bis 8-fach, logarithmisch.", "共{all}项输入，其中{uncertain}项不确定；{assumptions}项无公开事实支撑，标为假设。横条为相对中位数的90%区间（⅛至8倍，对数刻度）。";
    WidestInputs: "The widest ranges", "Die breitesten Bereiche", "区间最宽的输入";
    AllInputs: "All inputs", "Alle Eingangsgrößen", "全部输入";
    InputGroup: "{kind} ({n})", "{kind} ({n})", "{kind}（{n}）";
    Input: "Input", "Eingangsgröße", "输入";
    AsWritten: "As written", "Wie geschrieben", "原文";
    Range90Short: "90% range", "90-%-Bereich", "90%区间";
    RelativeRange: "⅛× … 8×", "⅛× … 8×", "⅛× … 8×";
    Basis: "Rests on", "Stützt sich auf", "依据";
    Assumption: "assumption", "Annahme", "假设";

    // Sources
    SourcesText: "Exactly the published facts that reached this run. Quality: A official, B analyst or press, C blog, forum or derived.", "Genau die veröffentlichten Fakten, die in diesen Lauf eingingen. Güte: A amtlich, B Analysten oder Presse, C Blog, Forum oder abgeleitet.", "仅列出进入本次运行的已公开事实。质量：A官方，B分析机构或媒体，C博客、论坛或推算。";
    Quality: "quality", "Güte", "质量";
    Undated: "undated", "undatiert", "日期不详";

    // Method
    MethodCommand: "The same version, scenario, seed and number of draws give the same numbers to the last bit, on any machine.", "Dieselbe Version, dasselbe Szenario, derselbe Startwert und dieselbe Zahl von Ziehungen ergeben auf jeder Maschine bis ins letzte Bit dieselben Zahlen.", "相同的版本、情景、种子与抽样次数，在任何机器上都会得到逐位相同的结果。";
    Scenario: "Scenario", "Szenario", "情景";
    Version: "Version", "Version", "版本";
    Draws: "Draws", "Ziehungen", "抽样次数";
    Seed: "Seed", "Startwert", "种子";
    Design: "Design", "Stichprobenplan", "抽样设计";
    PlanHash: "Plan hash", "Prüfsumme des Plans", "计划哈希";
    HowToRead: "How to read the pictures", "Wie die Bilder zu lesen sind", "如何读图";
    ReadFutures: "A future is one complete run of the supply chain with one value drawn for every uncertain input: capacities, slips, yields, stocks, demand. “In 37 of 100 futures” means that the sentence was true in 37% of them. It is a statement about the inputs shown here, not about things they leave out.", "Eine Zukunft ist ein vollständiger Durchlauf der Lieferkette mit je einem gezogenen Wert für jede unsichere Eingangsgröße: Kapazitäten, Verzögerungen, Ausbeuten, Bestände, Nachfrage. „In 37 von 100 Zukünften“ heißt: In 37 % von ihnen traf der Satz zu. Das gilt für die hier gezeigten Eingangsgrößen, nicht für das, was sie auslassen.", "一种“未来”是供应链的一次完整推演，每项不确定输入（产能、延期、良率、库存、需求）各取一个抽样值。“在100种未来中的37种”表示该说法在其中37%成立。它只针对此处列出的输入，不涵盖其未包含的因素。";
    ReadFans: "A fan is not a bundle of paths: its edges are percentiles month by month, and no single future follows an edge. The thin example lines show how single futures move.", "Ein Fächer ist kein Bündel von Verläufen: Seine Ränder sind Perzentile Monat für Monat, und keine einzelne Zukunft folgt einem Rand. Wie einzelne Zukünfte verlaufen, zeigen die dünnen Beispiellinien.", "扇形图并非路径的集合：其边缘是逐月的百分位数，没有任何一种未来会沿边缘发展。细线示例展示单个未来的走势。";
    ReadShares: "Shares depend on what is counted and how deep home goes; published figures for the same year differ mostly for this reason. Compare like with like.", "Anteile hängen davon ab, was gezählt wird und wie tief „Inland“ reicht; veröffentlichte Zahlen für dasselbe Jahr unterscheiden sich meist deshalb. Nur Gleiches mit Gleichem vergleichen.", "占比取决于计量口径与“本土”的深度；同一年份的公开数字不同，多半源于此。请在同一口径下比较。";
    ReadRounding: "Numbers are rounded to what the number of draws supports, and to three digits at most.", "Zahlen sind so gerundet, wie es die Zahl der Ziehungen trägt, auf höchstens drei Stellen.", "数字按抽样次数所能支持的精度取整，至多三位有效数字。";
    ReadLimits: "Inputs marked as assumptions rest on judgement. The sentences of claims, notes and sources are shown as their authors wrote them.", "Als Annahme gekennzeichnete Eingangsgrößen beruhen auf Einschätzung. Behauptungen, Anmerkungen und Quellen stehen so da, wie ihre Verfasser sie schrieben.", "标为假设的输入基于判断。各项说法、注释与来源按作者原文显示。";

    // What more would bring
    TitleLimits: "What more would bring, and when stocks end", "Was mehr davon brächte, und wann Bestände enden", "增加供应的效果与库存耗尽时间";
    LimitsText: "How many percent more the home’s designers would deliver with one percent more of each resource in every month. Each future is worked out three times with the same luck: as it is, with a little more and with a little less. A bar to the left means that more of it goes to accelerators that use up something scarcer. The thin line is the sampling error.", "Um wie viel Prozent die Lieferungen des Inlands wüchsen, wenn es von einer Ressource jeden Monat ein Prozent mehr gäbe. Jede Zukunft wird dreimal mit denselben Zufallszahlen gerechnet: wie sie ist, mit etwas mehr und mit etwas weniger. Ein Balken nach links heißt: Das Mehr geht an Beschleuniger, die etwas noch Knapperes verbrauchen. Die dünne Linie ist der Stichprobenfehler.", "每种资源每月各增加1%时，本土交付量会增加百分之几。每种未来用相同的随机数推演三次：原样、略多、略少。向左的条表示增量流向了更耗稀缺物的加速卡。细线为抽样误差。";
    ByUnits: "units", "Stückzahl", "数量";
    ByCompute: "compute", "Rechenleistung", "算力";
    ByMoney: "money", "Geld", "金额";
    TitleElasticity: "Output in {metric}, {period}: percent gained per percent more", "Produktion nach {metric}, {period}: Prozent je Prozent mehr", "{period}产量（按{metric}）：每增1%带来的百分比";
    WordsElasticity: "Most would come from {thing}: one percent more brings {percent} percent. From {draws} futures.", "Am meisten brächte {thing}: Ein Prozent mehr bringt {percent} Prozent. Aus {draws} Zukünften.", "效果最大的是{thing}：增加1%带来{percent}%。基于{draws}种未来。";
    ElasticityCaption: "Percent of home’s output gained per percent more, with standard errors", "Prozent Produktion des Inlands je Prozent mehr, mit Standardfehlern", "每增1%带来的本土产量百分比及标准误差";
    LimitsByMetric: "What limits output, by what is counted", "Was die Produktion begrenzt, je nachdem, was gezählt wird", "不同计量口径下的瓶颈";
    LimitsByMetricText: "Of the output planned for a month, the part that each resource holds back, averaged over all futures. A small chip counts little in compute and money, so what holds it back does, too.", "Vom geplanten Ausstoß eines Monats der Teil, den eine Ressource zurückhält, gemittelt über alle Zukünfte. Ein kleiner Chip zählt nach Rechenleistung und Geld wenig, und damit auch, was ihn zurückhält.", "每月计划产量中被各资源限制的部分，对所有未来取平均。小芯片按算力或金额计权重低，限制它的资源也随之降低。";
    LimitsOf: "What limits, by {metric}", "Was begrenzt, nach {metric}", "瓶颈（按{metric}）";
    WordsLimits: "Holds back most: {thing}. From {draws} futures, with a sampling error of at most {error} points.", "Hält am meisten zurück: {thing}. Aus {draws} Zukünften, Stichprobenfehler höchstens {error} Punkte.", "限制最大的是{thing}。基于{draws}种未来，抽样误差不超过{error}个百分点。";
    ShareOfPlans: "Share of the output planned, mean of the year’s months", "Anteil am geplanten Ausstoß, Mittel der Monate des Jahres", "占计划产量的比例（全年各月平均）";
    StockEnds: "When stocks run out", "Wann Bestände aufgebraucht sind", "库存何时耗尽";
    StockEndsText: "The share of futures in which, by then, less was left at the end of a month than that month used.", "Der Anteil der Zukünfte, in denen bis dahin am Ende eines Monats weniger übrig war, als der Monat verbrauchte.", "截至该月，月末剩余少于当月用量的未来所占比例。";
    RunOutAxis: "% of futures, run out", "% der Zukünfte, aufgebraucht", "已耗尽的未来（%）";
    WordsStockEnd: "Used up in half of the futures by: {median}. It lasts to the end in {share} of them (± {error} points).", "In der Hälfte der Zukünfte aufgebraucht bis: {median}. In {share} reicht der Bestand bis zum Schluss (± {error} Punkte).", "半数未来中耗尽的时间：{median}。{share}的未来中可维持到期末（±{error}个百分点）。";
    NotInHorizon: "not by the end", "nicht bis zum Schluss", "期末前未耗尽";
    Stock: "Stock", "Bestand", "库存";
    OutIn10: "Out in 10 of 100 by", "In 10 von 100 leer bis", "10%耗尽于";
    OutIn50: "Out in 50 of 100 by", "In 50 von 100 leer bis", "50%耗尽于";
    OutIn90: "Out in 90 of 100 by", "In 90 von 100 leer bis", "90%耗尽于";
    NeverOut: "Lasts", "Reicht", "始终有余";
    FuturesWithStock: "Futures with a stock", "Zukünfte mit Bestand", "有库存的未来";
    LargestError: "Error, points", "Fehler, Punkte", "误差（百分点）";

    // What would have to be true
    TitleRequire: "What would have to be true", "Was wahr sein müsste", "需要什么条件才成立";
    RequireText: "For each claim, the least change of a single input that makes it true in {level} of the futures, with everything else as it is: the input is multiplied (×) in all futures and at all dates, or moved by months. σ says how far that is from what the scenario expects, in standard deviations of the input’s own uncertainty: below 1 is well within it, above 3 is another world. ± is the sampling error, from {draws} futures.", "Zu jeder Behauptung die kleinste Änderung einer einzigen Eingangsgröße, mit der sie in {level} der Zukünfte zutrifft, alles andere unverändert: Die Größe wird in allen Zukünften und zu allen Zeiten vervielfacht (×) oder um Monate verschoben. σ sagt, wie weit das von dem entfernt ist, was das Szenario erwartet, in Standardabweichungen ihrer eigenen Unsicherheit: Unter 1 liegt gut darin, über 3 wäre eine andere Welt. ± ist der Stichprobenfehler aus {draws} Zukünften.", "对每项说法，给出使其在{level}的未来中成立所需的单项输入最小变化，其余不变：该输入在所有未来、所有日期同乘（×）一个倍数，或移动若干月。σ表示该变化相当于输入自身不确定性的几个标准差：小于1属正常范围，大于3则近乎另一个世界。±为{draws}种未来的抽样误差。";
    HoldsNow: "true in … of 100", "wahr in … von 100", "100种中成立";
    ChangeNeeded: "what it would take", "was es bräuchte", "所需变化";
    MedianFromTo: "median, from → to", "Median, von → nach", "中位数：由→至";
    InDeviations: "how far", "wie weit", "偏离程度";
    Certain: "certain input", "sichere Größe", "确定输入";
    Months: "{n} months", "{n} Monate", "{n}个月";
    NotAlone: "cannot alone: {size} brings {share}", "reicht allein nicht: {size} bringt {share}", "单独不足：{size}仅达{share}";
    NothingMoves: "No change of one input within a factor of ten or three years moves it.", "Keine Änderung einer einzelnen Größe um das Zehnfache oder um drei Jahre bewegt sie.", "任何单项输入在十倍或三年以内的变化都无法改变它。";
    AbleAlone: "{able} of {tried} inputs could do it alone", "{able} von {tried} Größen könnten es allein", "{tried}项输入中有{able}项可单独做到";
    TwoTogether: "Two together", "Zwei zusammen", "两项合计";
    TwoTogetherText: "What one of them gives, the other need not.", "Was die eine beiträgt, muss die andere nicht leisten.", "一项多出的，另一项便可少出。";
    WordsTradeOff: "Futures of 100 in which the claim holds, upwards with {first}, to the right with {second}; on the line it is {level}. {draws} futures for each field.", "Von 100 Zukünften so viele, in denen die Behauptung zutrifft, nach oben mit {first}, nach rechts mit {second}; auf der Linie sind es {level}. {draws} Zukünfte je Feld.", "100种未来中该说法成立的数目：向上为{first}，向右为{second}；线上为{level}。每格{draws}种未来。";
    FuturesInWhichItHolds: "Share of futures in which it holds", "Anteil der Zukünfte, in denen sie zutrifft", "成立的未来占比";

    // Countries
    CountryChina: "China", "China", "中国";
    CountryTaiwan: "Taiwan", "Taiwan", "台湾";
    CountryUnitedStates: "the United States", "den USA", "美国";
    CountryKorea: "South Korea", "Südkorea", "韩国";
    CountryJapan: "Japan", "Japan", "日本";
    CountryGermany: "Germany", "Deutschland", "德国";
    CountryIndia: "India", "Indien", "印度";

    // Planning
    PlanningText: "What could the same wafers, memory stacks and packaging deliver at most, if they were used with foresight instead of by the forecast’s rule? And what would one more of each be worth – its shadow price? Each future is planned as if it were known, so the gain is the most that planning could add.",
        "Was könnten dieselben Wafer, Speicherstapel und Packaging-Kapazitäten höchstens liefern, wenn man sie vorausschauend einsetzte statt nach der Regel der Prognose? Und was wäre eines mehr davon wert – sein Schattenpreis? Jede Zukunft wird geplant, als wäre sie bekannt; der Gewinn ist also das Äußerste, was Planung brächte.",
        "同样的晶圆、存储堆叠与封装产能，若有预见地使用而非按预测的规则分配，最多能交付多少？每多一份又值多少（即影子价格）？每种未来都按已知情形规划，因此所示收益是规划所能带来的上限。";
    PlanningGain: "From {from} to {to}, the best use delivers {optimal} ({range}), {gain} more than by tiers and weights ({gains}).",
        "Von {from} bis {to} liefert die beste Verwendung {optimal} ({range}), {gain} mehr als nach Stufen und Gewichten ({gains}).",
        "{from}至{to}，最优利用可交付{optimal}（{range}），比按层级与权重分配多{gain}（{gains}）。";
    PlanningProof: "{draws} futures were planned; each optimum is proven from its numbers to a relative error of {tolerance}. Money is present value at {discount} a year.",
        "{draws} Zukünfte wurden geplant; jedes Optimum ist aus seinen Zahlen auf {tolerance} genau bewiesen. Geld ist Barwert bei {discount} im Jahr.",
        "共规划{draws}种未来；每个最优解均由其数值证明（相对误差不超过{tolerance}）。金额为按年{discount}折现的现值。";
    PlanningFailed: "Futures without a proof, which are left out: {failed}.", "Zukünfte ohne Beweis, die ausgelassen sind: {failed}.", "未获证明而不计入的未来：{failed}种。";
    PlanningLines: "One more wafer start, by line", "Ein Waferstart mehr, nach Linie", "每多投一片晶圆（按产线）";
    PlanningMemories: "One more memory stack", "Ein Speicherstapel mehr", "每多一个存储堆叠";
    PlanningPackaging: "One more package of capacity", "Eine Packaging-Einheit mehr", "每多一个封装产能";
    PlanningCaps: "One more unit under a planned volume", "Eine Einheit mehr unter einem Planvolumen", "计划产量每放宽一颗";
    WordsPlanningPrice: "In {period} one more is worth most with {thing}: {value} on average over futures and months.",
        "{period} ist eines mehr am meisten wert bei {thing}: {value} im Mittel über Zukünfte und Monate.",
        "{period}价值最高的是{thing}：各未来与各月平均为{value}。";
    PlanningQueues: "One more wafer start of {thing}: fixed cycle time, and queues", "Ein Waferstart mehr bei {thing}: feste Durchlaufzeit, und Warteschlangen", "{thing}每多投一片晶圆：固定周期与排队模型";
    PlanningQueuesText: "With a fixed cycle time a line costs nothing until it is full. With queues it takes the longer the fuller it is, and capacity has a price below full load. Both are shown, for {draws} futures.",
        "Bei fester Durchlaufzeit kostet eine Linie nichts, bis sie voll ist. Mit Warteschlangen dauert es umso länger, je voller sie ist, und Kapazität hat schon unter Volllast einen Preis. Gezeigt wird beides, für {draws} Zukünfte.",
        "固定周期下，产线未满载时产能没有价格。引入排队后，负荷越高周期越长，未满载的产能也有价格。此处并列两种结果（{draws}种未来）。";
    WordsPlanningQueues: "In {period}, at a load of {load}, it is worth {plain} without and {queues} with queues.",
        "{period}, bei einer Auslastung von {load}, ist er ohne Warteschlangen {plain} wert und mit ihnen {queues}.",
        "{period}负荷为{load}，不计排队为{plain}，计入排队为{queues}。";
    FixedCycleTime: "fixed cycle time", "feste Durchlaufzeit", "固定周期";
    WithQueues: "with queues", "mit Warteschlangen", "计入排队";
    Scarce: "adds something", "bringt etwas", "有价值的占比";
    NotUnique: "not the only price", "nicht der einzige Preis", "价格不唯一的占比";
    PlanningOutputs: "Who is built more, who less", "Was mehr gebaut wird, was weniger", "各芯片产量增减";
    PlanningOutputsText: "Units delivered within the plan, mean of all futures.", "Im Planzeitraum gelieferte Einheiten, Mittel aller Zukünfte.", "规划期内交付数量，各未来平均。";
    PlanningChip: "accelerator", "Beschleuniger", "加速卡";
    ByTiers: "by tiers and weights", "nach Stufen und Gewichten", "按层级与权重";
    BestUse: "best use", "beste Verwendung", "最优利用";
    CommitmentKept: "“{claim}” can be kept {futures}.", "„{claim}“ ist {futures} einzuhalten.", "“{claim}”{futures}可以履行。";
    CommitmentConflict: "Where commitments cannot all be kept, these rule them out together, as in future {draw}; lifting any one is enough:",
        "Wo nicht alle Zusagen einzuhalten sind, schließen diese sie zusammen aus, so in Zukunft {draw}; eines davon zu lösen genügt:",
        "若无法履行全部承诺，以下各项共同造成冲突（如第{draw}种未来），放宽其中任何一项即可：";
}
