"""Words that tell whose number stands behind them: an order's, a customer's, or a thing's."""

from __future__ import annotations

# After these the number may follow at once: `order 4057-88213`.
WORDS = (
    r"orders?|tickets?|booking|invoice|tracking|rma|bkg(?:\sref)?|pnr|claim|(?<!cross[\s-])(?<!auto-)reference(?!\s\d{4,6}(?:[A-Z]{2,4}\b|/\d))|ref(?:[.:]|(?=\s(?:is|was)\s))|orden|purchase\sorder"
    r"|complaint|waybill|awb|consignment|dispute|incident|tkt|conf[.]?\s?\#|docket|itinerary|e-?ticket"
    # `(ref 8842-1190)`, but no watch: `ref 126610LN`
    r"|(?<=\()ref|ref(?=\s(?:\d{7}|\d{3,}-\d{3}|[A-Z]{5}\d{5}))"
    r"|(?:my|our|your|their|with|quote|quoting|courier|bank|appointment|file|payment|job|claims?)\sref(?=\s\#?(?:[A-Z]+[-/]?\d|\d{6}(?![A-Z])|\d+[-/]))"
    r"|(?:placed|logged)\sunder"
    r"|logged\sas|(?:bag|baggage|luggage)\stag|auftragsbestätigung|lieferschein|retoure|r[ée]f(?=[.:])"
    r"|[^\W\d_]{3,20}\sref(?=\s(?!IW|PAM)[A-Z]{1,5}[-/]?\d{5})|r[ée]f(?:[ée]rence)?\s(?:client|dossier|commande)"
    r"|beschwerde|siniestro|segnalazione|bolletta|versicherungsschein"
    r"|bestell(?:ung|nummer|nr|ungsnummer)?|auftrag(?:s?nummer|snr)?|buchung(?:snummer|scode)?"
    r"|rechnung(?:snummer|snr)?|ticketnummer|vorgang(?:snummer)?|sendungsnummer|kundennummer"
    r"|commande|facture|pedido|factura|localizador|ordine|fattura|pratica|encomenda|fatura|protocolo"
    r"|bestelling|bestel(?:nummer|nr)|ordernummer|factuur(?:nummer)?|boeking|track\s?(?:en|&|and|n)\s?trace"
    r"|reserveringsnummer|zam[oó]wieni[ea]|zg[łl]oszeni[ea]|przesy[łl]k[ai]|faktur[ay]|rezerwacj[ai]"
    r"|reklamacj[ai]|sinistre|expediente|nota\sfiscal|best[äæ]llning(?:en)?|bestilling(?:en)?|ordre(?:n|ns)?"
    r"|(?:boekings?|klacht|zendings?|pakket|bokning|ärende|kolli|ordre|sags?|bookings?"
    r"|forsendelses?|sporings?|spårnings?|faktura|klage|reklamations?|retur|beställnings?|sändnings?)s?(?:nummer|nr|numret|nummeret)"
    r"|folio|(?:penalty|parking)\snotice"
    r"|заявк[аиу]|жалоб[аыу]|претензи[яию]|enquiry|inquiry"
    r"|заказ(?:а|у|ом)?|брон[ьи]|договор[а-я]{0,2}|обращени[еяю]"
)
# Of languages that do not part words, before what is long or has a capital letter.
CJK_WORDS = (
    "订单|訂單|运单|运單|快递|工单|单号|單號|注文|予約|伝票|受付|お問い合わせ|주문|예약|송장"
)
CJK_NUMBER = "(?:号码|號碼|番号|编号|編號|号|號|번호|ID)"
# After these, groups are those of a card: `my SkyMiles 9284 771 023`.
PROGRAMS = (
    r"flying\sblue|skymiles|avios|(?:emirates\s)?skywards|aadvantage|executive\sclub|(?:hilton\s)?honors"
    r"|bonvoy(?:\saccount)?|krisflyer|(?:tesco\s)?clubcard|nectar|payback(?:\skarte)?|bahncard|kundenkarte"
    r"|loyalty(?:\scard)?|(?:membership|member|library|store)\scard|carte\sde\sfid[ée]lit[ée]|dossier"
)
# After these only with the word for a number, or its sign: `case no. 12345`; or before what is
# long, or has capital letters in it, as no count of things has: `shipment JD0146000092`.
NUMBERED = (
    r"case|ref|ord|p\.?o|best(?=[.-])|auftrags|rechnungs|cde|cmd|confirmation|reservation|return|customer|account"
    r"|member(?:ship)?|policy|shipment|parcel|incident|request|service|support|acct|a/c|loan|mortgage|contract"
    r"|transaction|payment|receipt|subscription|utr|upi(?:\sref)?|frequent\sflyer|pir|baggage|luggage|repair"
    r"|sr(?!\d)|job|work\sorder|return\sauthori[sz]ation|chat|warranty|package|delivery|quote|application|registration"
    r"|kunden|kd(?=[.\s-]{0,2}n)|sendung(?:s)?|vorgangs?|reklamation|r[ée]servation|suivi|dossier|client|colis|r[ée]clamation"
    r"|vertrags?|schaden(?:s|fall)?|versicherung|police|mitglieds?|aktenzeichen|az[.:]|paket|reservierung"
    r"|reserva|env[ií]o|seguimiento|cliente|reclamaci[oó]n|prenotazione|spedizione|biglietto|reclamo"
    r"|klacht|retour|konto|kundenkonto|vertragskonto|anfrage|fall|meldung|remboursement|plainte"
    r"|queja|solicitud|reembolso|grievance|query|refund|rimborso|segnalazione"
    r"|inv\.|pcn|penalty\scharge(?:\snotice)?|(?:credit|delivery|dispatch)\snote|parcelforce|container|rx"
    r"|(?:[^\W\d_]{3,15})?(?:auftrag|fall|referenz|beleg|schein|zeichen|vertrag)"
    r"|(?:return|shipping|postage)\slabel|(?:baggage|luggage|property|incident|police|damage|loss)\s(?:irregularity\s)?report"
    r"|arn|res|conf|cust|acc|mem|emp|auth|passport|reisepass|quoting|wayfair|etsy|temu|ihg|booking\.com"
    r"|agoda|vrbo|hertz|avis|sixt|europcar|rental|voucher|gu[ií]a|canada\spost|auspost|yodel|\bra"
    rf"|{PROGRAMS}"
    r"|contrat|police\sd.assurance|colissimo|chronopost|contrato|p[óo]liza|incidencia|referencia|réf[ée]rence|r[ée]férence"
    r"|paquete|billete|contratto|polizza|sinistro|riferimento|pacco|ricevuta|ap[óo]lice|chamado"
    r"|rastreio|reclama[cç][aã]o|klant|zending|reservering|polis|zaak|pakket|pakje|contract|schade"
    r"|paczk[ai]|umow[ayę]|polis[ay]|zwrot[u]?|spraw[ay]|klient(?:a)?|paket(?:et)?|kolli|försändelse"
    r"|fedex|ups|dhl|usps|evri|hermes|dpd|gls|inpost|royal\smail|postnl|bpost|postnord|correos|seur"
    r"|(?:rental\s)?agreement|airbnb(?:\scode)?|expedia"
    r"|ärende|sak(?:en)?|sag(?:en)?|pakke(?:n)?|bokning(?:en)?|reservation(?:en)?|посылк[аиу]|трек(?:-номер)?|полис"
)
NUMBER = (
    r"(?:(?:numbers?|n[uú]m(?:ber)?|nos?|nrs?|nbr|ids?|code|ref(?:erence)?|num[ée]ro|n[úu]mero|numer|nummers?"
    r"|n[.\s]?o|номер)(?![^\W\d_])|n(?=\.|\s\d{4})|n[.\s]?[°º]|№)"
)

# Any word with a word for a number has one of a person (`docket no.`, `Mitgliedsnr.`), but for
# words of things, alone or at the end of another ...
_THINGS = """
    fcc ndc bib winning certificate zertifikat establishment plu nsn raffle lottery steam tire
    tyre drawing approval fda epa model modell modèle modele modello modelo modelu модели serial
    serien serie série seryjny серийный part parts teil teile pièce pieza pezzo części onderdeel
    del item items artikel article artículo articolo artigo artykułu artikelen vare varu product
    produkt producto prodotto produit produto produktu sku ean gtin upc isbn asin imei mac style
    color colour farb farbe lot batch chargen version build firmware revision release edition
    page
    seiten chapter volume issue level line room zimmer chambre habitación camera quarto pokoju
    kamer rum rom værelse værelses комнаты номера flight flug vol vuelo volo voo lotu vlucht
    flyg
    fly рейса train zug treno gate seat sitz platz bus linien route haus house huis hus street
    unit apartment apt postal zip post port plate kenn kennzeichen vehicle chassis vin engine
    error fehler erreur errore product-id lego set kit size atomic random lucky wrong serienn
    serielle patent license licence vat tax ust channel frequency bar barras barre barcode qr
    promo coupon gift voucher discount rabatt gutschein area country pin otp sort swift bic
    chip manual art polish
    routing hex hs cas color-code material bauteil typ type nickel pattern recipe catalog
    catalogue stock shade formula design manufacturer oem caliber calibre kaliber movement
    series
    opus verse game map world party team jersey referral friend apple user-agent face touch
    caller photo child reservdel reservedel kids wine kod promotion steuer
    """.split()  # noqa: SIM905
# ... stems of the same in more languages, without accents ...
THING_STEMS = tuple(
    """
    seri urun parca stok san_pham cikk termek alkatresz gyart sorozat vyrobk vyrobn dilu seriov
    serijsk tuote malli osan sarja προιον σειρια μοντελ ανταλλακ katalog czesc produ piese piesa
    детал артикул модел парти серий сери товар каталож издели номенклатур производ model barkod
    منتج موديل قطع تسلسل صنف हिस्सा मॉडल उत्पाद דגם מוצר סידורי
    """.split()  # noqa: SIM905
)
# ... these a telephone's ...
_PHONES = """
    phone telephone tel telefon handy mobil mobile cell cellphone fax ruf rufnummer whatsapp
    hotline helpline contact call callback back landline office home work free support service
    emergency durchwahl festnetz téléphone portable teléfono telefono telefone móvil movil
    cellulare celular telemóvel telefoon mobiel telefonu komórki telefonnummer телефона
    мобильного
    fastnet tlf verde vert gratuit gratuito azul toll telefoniczny direct daytime evening
    alternative handphone toll-free
    """.split()  # noqa: SIM905
# ... and these none of anything.
_NOTHING = """
    a an the my his her our your their its this that these those is are was were has have had
    with
    and or of in on at by for to from as any some what which one no not same new old other
    another
    large small great huge total sheer exact right correct second third first next last me us de
    la le les du des el los las il lo da do dei un une una uno en et y e mein meine der die das
    den dem ein eine und ist war ohne mit mijn het een min mitt ett och er är i jest nie mój
    moja
    na в на и это мой моя than then only over about says say reads shows showed came comes just
    there lowest highest best
    """.split()  # noqa: SIM905
OF_THINGS = tuple(word.casefold() for word in (*_THINGS, *_PHONES))
NO_NOUNS = frozenset((*OF_THINGS, *_NOTHING))
# As above, for words that no space parts.
CJK = r"\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
CJK_THINGS = (
    *("电话", "手机", "電話", "携帯", "联系", "热线", "客服", "传真", "手機", "전화", "폰"),
    *(
        "型",
        "货",
        "貨",
        "批",
        "房",
        "房间",
        "门牌",
        "航班",
        "序列",
        "版本",
        "楼",
        "大",
        "小",
        "几",
        "多少",
    ),
    *(
        "車",
        "车",
        "车牌",
        "郵便",
        "部屋",
        "製造",
        "シリアル",
        "品",
        "商品",
        "列車",
        "便",
        "月",
        "年",
        "日",
    ),
    *("모델", "제품", "상품", "부품", "시리얼", "일련", "품목", "우편", "방", "차량", "버전"),
    *("颜色", "颜", "色", "尺码", "口", "信", "微信", "每个", "外", "バージョン", "条", "条形"),
)
