package reading

import "strings"

// unitsEnglish are the nouns that are counted, by the name of their unit.
var unitsEnglish = table(`
people: people person persons civilian civilians individual individuals national nationals citizen citizens member members compatriots
  human inhabitants souls adults adult others passengers deportees supporters sympathisers sympathizers followers names affiliates;
women: woman women female females mothers mother wives wife girlfriends brides; widows: widow widows;
men: man men husbands fathers males; children: child children kid kids minors minor babies baby infants infant toddlers youngsters underage;
boys: boy boys; girls: girl girls; sons: son sons; daughters: daughter daughters; teenagers: teenager teenagers adolescents youths; orphans: orphan orphans;
families: family families; households: household households; relatives: relative relatives dependents dependants parents grandparents;
foreigners: foreigner foreigners; residents: resident residents villagers; returnees: returnee returnees; escapees: escapee escapees fugitives runaways;
fighters: fighter fighters militant militants jihadist jihadists jihadi jihadis insurgents gunmen rebels extremists terrorists militiamen combatants recruits suspects;
prisoners: prisoner prisoners inmate inmates convicts; detainees: detainee detainees captives internees; hostages: hostage hostages;
refugees: refugee refugees; displaced: idps displaced evacuees; migrants: migrant migrants; asylum-seekers: asylum-seekers;
people: ringleaders smugglers brokers spouses siblings sisters brothers; children: grandchildren newborns schoolchildren offspring teens; fighters: attackers bombers operatives loyalists mercenaries commanders cadres gunmen rebels;
workers: personnel staff staffers employees medics nurses rescuers; returns: returns repatriations; protesters: protesters protestors demonstrators protester; soldiers: soldier soldiers troops crew sailors peacekeepers servicemen policemen police; guards: guard guards; workers: worker workers volunteers doctors journalists teachers;
victims: victim victims casualties; dead: dead; deaths: deaths death fatalities killings murders homicides; bodies: body bodies corpses; wounded: wounded injured; injuries: injuries; missing: missing disappeared; survivors: survivors survivor;
others: tourists pilgrims worshippers farmers voters drivers; officials: officials official leaders lawyers activists monitors sources students pupils officers witnesses;
camps: camp camps; prisons: prison prisons jail jails; tents: tents tent;
appeals: appeals appeal; requests: request requests petitions applications; letters: letters; cases: cases; graves: grave graves; arrests: arrests; abductions: abductions kidnappings disappearances`)

var demonymsEnglish = set(`russians chechens ingush dagestanis iraqis syrians turks kurds tajiks uzbeks kazakhs kyrgyz germans britons
 frenchmen belgians swedes danes dutch americans canadians australians tunisians moroccans egyptians libyans saudis yemenis jordanians lebanese
 ukrainians azerbaijanis georgians turkmens uighurs uyghurs afghans pakistanis somalis sudanese eritreans ethiopians chinese indonesians malaysians
 spaniards italians poles bosnians kosovars albanians macedonians serbs finns norwegians austrians swiss palestinians israelis iranians yazidis
 muslims christians sunnis shias europeans trinidadians algerians belarusians moldovans armenians westerners arabs`)

var deedsEnglish = hasStem(strings.Fields(`escap fled flee flees fleeing kill die dying dead wound injur held hold detain return repatriat remain left leav free release
 evacuat liv miss displac arrest broke break slipp slip arriv stay stuck strand captur surrender imprison jail abduct kidnap disappear
 vanish rescu born landed land brought bring taken took handed hand flown fly drown starv perish surviv identif accept convict sentenc deport
 transfer mov went gone follow trapp execut shot behead tortur came come unaccount orphan pardon extradit hospitali`))

func english() *grammar {
	return &grammar{
		lang:          "en",
		abbreviations: set("mr mrs ms dr st lt gen col sgt prof no jan feb mar apr aug sept sep oct nov dec vs inc gov sen rep maj capt approx"),
		numerals: values(`0: zero; 1: one; 2: two; 3: three; 4: four; 5: five; 6: six; 7: seven; 8: eight; 9: nine; 10: ten; 11: eleven; 12: twelve;
 13: thirteen; 14: fourteen; 15: fifteen; 16: sixteen; 17: seventeen; 18: eighteen; 19: nineteen; 20: twenty; 30: thirty; 40: forty;
 50: fifty; 60: sixty; 70: seventy; 80: eighty; 90: ninety`),
		collective: set(""),
		scale:      values(`12: dozen; 20: score; 100: hundred; 1000: thousand; 1000000: million mn`),
		scaleName:  table(`dozens: dozen dozens; scores: score scores; hundreds: hundred hundreds; thousands: thousand thousands; millions: million millions`),
		scaleOne:   set(""),
		manyScale:  values(`100: hundred hundreds; 1000: thousand thousands; 1000000: millions`),
		article:    set("a an"),
		several:    set("several"),
		vague: map[string]vagueWord{
			"dozens": {12, "dozens"}, "scores": {20, "scores"}, "hundreds": {100, "hundreds"}, "thousands": {1000, "thousands"},
			"millions": {1e6, "millions"}, "tens": {10, "tens"},
		},
		before: table(`
about: about around some roughly approximately maybe perhaps probably approx circa an_estimated estimated close_to in_the_region_of in_the_order_of;
at least: at_least no_fewer_than no_less_than not_less_than not_fewer_than a_minimum_of minimum_of;
more than: more_than over just_over slightly_more_than a_little_over slightly_over upwards_of in_excess_of above well_over as_much_as well_more_than;
up to: up_to as_many_as; at most: at_most no_more_than not_more_than a_maximum_of maximum_of;
less than: fewer_than less_than under below just_under; almost: almost nearly`),
		after:     [][]string{{"or", "so"}, {"or", "thereabouts"}},
		exceeding: set("exceeded exceeds exceed exceeding topped surpassed surpasses tops"),
		phrasal:   set("handed hand hands handing turned turn turning took taken taking given gave hold held went"),
		between:   set(""),
		extra:     set(""),
		rangeOpen: map[string]string{"between": "and", "from": "to"},
		rangeLink: set("to or"),
		percent:   set("% percent per pct"),
		unit: func(low string) (string, bool) {
			u, ok := unitsEnglish[low]
			return u, ok
		},
		demonym: func(t token) bool { return t.capital && demonymsEnglish[t.low] },
		deed:    deedsEnglish,
		stop: set(`in at from of to for with by on into near who whom which that were was are is be been being have had has will would could should can may might
 did do does than as since after before during while when where but or if because so not said says told also still only under over between among
 through until till it they he she them their his her our we i you this there here including include includes remain remains per against whose
 inside outside last next today yesterday earlier later ago`),
		auxiliary: set(`have having had has were was are is be been being will would could should can may might still also already since now currently reportedly then
 that who whom have_been then all allegedly`),
		counting: set("number figure figures toll count total tally estimate estimates put puts putting population estimated level numbers"),
		ages:     set("aged age ages"),
		ageLink:  set("and to of between from"),
		every:    set("every"),
		being:    set("are were is was have had would will could remain remained"),
		clause:   set("that and but whom while which of_whom whereas said says"),
		builtFor: set("built designed meant intended made room"),
		joins:    set("and or"),
		ordering: set("first last other latter former previous next"),
		goingOn:  set("dead killed wounded injured detained arrested escaped fled fleeing returned repatriated victims detainees prisoners inmates escapees residents total arrivals passengers"),
		includes: set("include included includes including comprise comprised"),
		peaceful: func(string) bool { return false },
		casualty: set("killing killed wounding wounded injuring injured displacing displaced arresting arrested detaining detained freeing freed evacuating evacuated rescuing rescued capturing captured abducting abducted shelters sheltering houses housing hosts hosting holds holding numbered numbering numbers"),
		reference: set(`article articles page pages flight resolution paragraph section room chapter no route highway annex part point level unit
 bus law brigade division battalion phone tel building house block channel phase version`),
		money:  set("$ € £ ₽ ¥ ₺ usd eur + № #"),
		more:   set("more others"),
		ofThem: set("them us whom those these which you"),
		place:  set("in at from near to inside outside of into around towards toward"),
		saying: stances(`asserts: said says say saying told tells tell telling reported reports report reporting added adds adding stated states announced announces
 announcing claimed claims claim claiming confirmed confirms confirm confirming wrote writes noted notes insisted insists acknowledged acknowledges admitted warned warns recalled
 explained explains counted counts put puts putting documented recorded believes believe believed thinks think stressed alleged alleges asserted asserts tweeted posted testified
 spoke speaks appealed suggested suggests indicated indicates cautioned
 calculated registered verified listed expects expected predicted complained conceded countered replied answered recounted commented remarked
 suspects informed lamented echoed found tallied vowed
 show shows showed asked asks
 revealed disclosed declared declares observed argued maintained maintains concluded concludes urged urges urging pointed points;
estimates: estimates estimate estimated estimating reckons reckoned guesses guessed; repeats: repeated repeats reiterated reiterates;
denies: denied denies deny denying dismissed dismisses dismissing rejected rejects rejecting refuted refutes disputed disputes rebutted;
withdraws: withdrew withdraws withdrawn retracted retracts; corrects: corrected corrects revised revises amended updated updates`),
		pronoun:  set("he she they it who"),
		nobody:   set("we i you nobody someone everyone anyone no-one what this that there none nothing everything people"),
		boundary: set("regarding concerning about that but while when as because if although though and where which after before since with saying said says whether what until than"),
		skipBefore: set(`had having has have also later earlier then previously initially again repeatedly have_been already today yesterday still since once
 publicly officially however meanwhile itself himself herself themselves separately only now`),
		openers: stances(`asserts: according_to in_the_words_of reports_by reports_from claims_by statements_by a_report_by reports_in allegations_by;
estimates: by_the_estimate_of estimates_by an_estimate_by`),
		citing: set("citing quoting"),
		material: set(`figures data records estimates estimate report reports statement statistics documents count counts numbers list lists information tally survey
 footage account accounts paper papers study`),
		sourceLink: set("from by of that"),
		anonymous:  set("sources source informants witnesses insiders network contacts eyewitnesses"),
		goesOn:     set("and but or while also"),
		alsoNoun:   set("report reports claim claims estimate estimates state states note notes warns count counts put say posted found believed updates"),
		determiner: set(`all both member the its their his her no this that these those some any such earlier previous initial media local new conflicting latest our my several many
 recent false unconfirmed upper lower official last`),
		only:     set("only no"),
		admitted: set("accepted allowed admitted repatriated returned taken brought permitted let receives accepts accept"),
		emptying: set("emptied emptying empties opened released releasing releases freed freeing freeing abandoned abandoning unlocked let letting"),
		emptied:  set("jail jails prison prisons camp camps gates gate doors guards prisoners detainees captives inmates fighters militants jihadists families deliberately purpose"),
		allegation: set(`claim claims report reports accusation accusations allegation allegations charge charges figure figures number numbers statement suggestion
 suggestions it that`),
		unproven: phrases("no evidence; without evidence; without giving evidence; without providing evidence; without offering evidence; without giving a source; could not independently verify; could not be independently verified; could not be verified; could not verify; could not be confirmed; could not independently confirm; not possible to verify; no independent verification; no independent confirmation"),
		passive:  set("was were is are be been being not 's by"),
		appositive: set(`who which whose a an the head director chief president spokesman spokeswoman leader minister commissioner citing quoting speaking himself herself
 himself co-chair co-president chairman chairwoman deputy then now its his her aged whom where`),
		common: set(`ministry foundation group agency observatory organisation organization committee commissioner council institute centre center minister spokesman
 spokeswoman army administration charity ombudsman ombudswoman monitor fund watchdog service officials bureau panel director official worker lawyer woman man activist government
 company source sources office mission party union association court governor general commander network`),
		telling:     set("told tells tell telling"),
		recipient:   set(""),
		links:       set("and or including to from than with of plus versus or but among up down in on"),
		hours:       set("at by on"),
		continues:   set("of among they including"),
		placeWords:  set("the a camp camps at of in prison jail town city village province region northern southern eastern western north south east west nearby near district northeast northeastern northwest northwestern southeastern a detention centre center called neighbouring neighboring central"),
		since:       set("since after from"),
		until:       set("until till before"),
		on:          set("on in by during of late early mid"),
		over:        set("over in for within during"),
		overFill:    set("the past last more than a nearly almost about"),
		years:       set("years year"),
		yearWord:    set(""),
		yearPeriods: numbersOf("1: one-year; 2: two-year; 3: three-year; 4: four-year; 5: five-year; 10: ten-year"),
		relatives: table(`today: today tonight; day back: a_day_earlier the_day_before the_previous_day; day on: the_next_day the_following_day a_day_later; year back: a_year_earlier the_year_before the_previous_year; then: a_week_earlier a_month_earlier; yesterday: yesterday; this week: this_week earlier_this_week; last week: last_week; weekend: the_weekend over_the_weekend last_weekend;
 this month: this_month earlier_this_month later_this_month; last month: last_month; this year: this_year earlier_this_year so_far_this_year; last year: last_year a_year_ago`),
		aside:     set("in on at by to through via during from after citing late as over with when while speaking via"),
		partOf:    set("early late mid"),
		owner:     set("its their his her our"),
		channel:   set(""),
		reaches:   set("at to of is was were reached reaches exceeds exceeded topped surpassed passed by above from as near around , :"),
		quoting:   set("quoted quotes cited cites"),
		onlyOf:    set("spoke speaks spoken appealed appeals complained"),
		topic:     set("of about for"),
		ourselves: set("we i you me us"),
		titled:    set("lawmaker minister president leader chief spokesman spokeswoman senator governor general official activist lawyer director envoy commissioner ambassador"),
		relative:  set(""),
		owned:     set("list lists count figures tally database records"),
		voice:     set("officials authorities police un monitors activists experts aid_workers sources army military kurds media spokesman spokeswoman ngo ngos agencies prosecutors lawyers relatives witnesses residents doctors rescuers"),
		calling:   set("called calls calling described describes branded"),
		falsehood: set("false fake lies lie fabricated untrue nonsense baseless fabrication disinformation absurd"),
		giving:    set("gave gives giving given offered"),
		carrying:  set(""),
		pointing:  set("the these those their its"),
		personal:  set("he she"),
		office:    set(""),
		months: numbersOf(`1: january jan; 2: february feb; 3: march mar; 4: april apr; 5: may; 6: june jun; 7: july jul; 8: august aug; 9: september sept sep;
 10: october oct; 11: november nov; 12: december dec`),
		weekdays: numbersOf(`1: monday; 2: tuesday; 3: wednesday; 4: thursday; 5: friday; 6: saturday; 7: sunday`),
	}
}
