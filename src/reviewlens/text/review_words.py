"""Words that reviews most speak of, in languages of Latin letters, by which short texts are told.

They stand for the commonest content words of English review files: food, service, price, delivery,
battery, what is good and bad of them. None is an English word.
"""

from __future__ import annotations

import unicodedata
from functools import cache

_LETTERS = str.maketrans("đłøıß", "dlois")
_IN_ENGLISH = str.maketrans("éñ", "en")
_LEAST_CUT = 7
"""Letters of a word from which on its last is another in another gender, case or number."""

REVIEW_WORDS = {
    "es": """
aceite agua almuerzo altavoz amable antiguo apagado aplicación apretado arroz asiento azúcar baño
barata barato batería bebida blando bolsa bonito botella botón buen buena bueno caja calidad
caliente calor cama camarero cara cargador carne caro cena cerrado cerveza cliente comida comodidad
cómodo compra comprar compré cuenta dañado decepción defectuoso delicioso desagradable desayuno
devolución devolver difícil dinero dulce durar duro entrega enviar envío equivocado esperar
estropeado fácil factura falta feo fresco fría frío fuerte funciona funcionar garantía gusta gusto
habitación helado hora incómodo instrucciones leche lenta lento limpia limpieza limpio llegar llegó
luz mal mala malo manchado mejor mesa miel minutos móvil noche nuevo olor oscuro pagar pantalla
paquete pedido pegajoso pequeño perder pescado pésimo pilas plástico podrido pollo postre precio
producto propina prueba puerta queja queso rápido recomendable recomiendo reembolso regalo retraso
ropa rota roto ruido ruidoso sabor sabroso salado seco servicio silencioso silla sonido sucia sucio
sueño tacaño talla tamaño tardar tarde tardío tarjeta té teclado teléfono tienda trabajo tráfico
trato vacío vaso ventana verduras viejo vino volumen zapatos zumo
""",
    "fr": """
abîmé accueil achat acheter agréable aimable amer ancien appareil argent assiette attendre attente
bagages beau belle bien boisson boîte bon bonne bouteille bouton bruit bruyant caisse cassé cassée
chaleur chambre chargeur chaud chaude chaussures cher chère cliente colis couleur crème déception
décevant déçu déçue défaut défectueux dégoûtant déjeuner délai délicieux difficile dîner dommage
douche doux dur eau écouteurs écran emballage endommagé erreur étroit expédition facile facture fade
faible fenêtre fermé fonctionne fonctionner frais froid froide fromage fuite garantie génial goût
gratuit gros heure huile impoli inconfortable jamais jouet lait léger légumes lent lente livraison
livré livreur lourd lumière magasin manque mauvais mauvaise médiocre meilleur moche moisi mou neuf
nourriture nul nulle odeur ouvert panne payer petit piles plat poisson porte poulet pourri produit
propre propreté puer qualité rapide recommande refroidi remboursement rembourser repas réponse
réservation retard retour riz robe salade saleté sec serveur serveurs serveuse sièges silencieux
solide sombre sucre sucré taille téléphone tissu toilettes tombé trop usé vaisselle vendeur verre
vêtements vétuste viande vieux vin vite vitesse
""",
    "de": """
abgelaufen akku alt angekommen angenehm anleitung apparat ausgezeichnet auswahl batterie becher
bedienung beschädigt bestellen bestellung bett bezahlen bier billig bluse brot bunt dauert deckel
defekt dreckig dunkel dusche eckig ekelhaft empfehlen empfehlung enttäuschend enttäuscht
enttäuschung ersatz essen falsch farbe fehler fehlt fenster flasche fleisch freundlich frisch
frühstück funktioniert garantie gebrochen gehäuse geld gemüse geräusch gericht geruch geschenk
geschmack getränk getränke gewürz glas groß große größe günstig gute guten guter gutes handbuch
häßlich hässlich heiß herd hörer huhn kabel kaffee kalt kaltes kaputt käse kaufen kein keine kellner
klasse kleider klein knopf koffer kosten küche kühl kunde kundendienst ladegerät lampe langsam
langsame langweilig laut lauter lautsprecher lecker leer leicht leise licht lieferung lieferzeit
löchrig mangel mangelhaft matratze milch minuten mitarbeiter nacht nahrung neu nie öl passt pfanne
platz preis preise preiswert produkt qualität rechnung reinigung reis reparatur rückerstattung
rückgabe sauber sauberkeit sauer scharf schlecht schlechte schlechten schlechter schlechtes schlimm
schmeckt schmutzig schnell schön schrecklich schuhe schwach schwer sessel soße spät später spülung
stinkt stoff strom stuhl stunden süß tasche tasse teller teuer tisch toll trinken trocken tür
überteuert umtausch unangenehm unbequem unfreundlich ungenießbar unhöflich verdorben verfärbt
verkäufer verloren verpackung versand verspätet verspätung wand warten wartezeit wasser weich wein
welk wenig werkzeug wucher wunderbar zerbrochen zerkratzt zimmer zucker zufrieden zurück zuverlässig
""",
    "it": """
acqua acquisto aglio alloggio altoparlante amaro ambiente antipatico apparecchio arrivata arrivato
aspettare attesa bagno batteria bello bevanda bicchiere bolletta borsa bottiglia brutto buon buona
buono caffè calda caldo cameriera cameriere cara carica caricatore carne caro carta cattiva cattivo
cena chiuso cibo cliente colazione colore comodo confezione consegna consigliato consiglio conto
costoso danneggiato deludente delusione deluso difetto difettoso difficile disgustoso doccia dolce
dolci duro economico errore facile fattura finestra formaggio forno fredda freddo fresco funziona
funzionare garanzia gentile gentilezza giocattolo gratuito guasto gusto gustoso imballaggio
impossibile lamentela leggero lenta lento letto luce macchia magnifico maleducato mancanza mandare
mangiare marcio meglio mezz minuti negozio notte nuovo odore olio ordine orribile ottima ottimi
ottimo pacco pagare parcheggio peggio peggiore pentola pesante pesce pessima pessimi pessimo piatto
piccolo pollo pranzo prezzi prezzo prodotto pulito pulizia pulsante qualità rapido recapito reso
restituzione ricambio rimborso riparazione riso ritardo rotta rotto rumore rumoroso sapore saporito
sbagliato scadente scaduto scarpe scarsa scarso schermo scomodo scortese secco sedia servizio
sgradevole soggiorno soldi sonno spazzatura spedizione spesa sporca sporco stanza stretto suono
taglia tavolo tazza tecnico telefono tessuto troppo ufficio vecchio veloce vestiti vino voce
zucchero
""",
    "pt": """
açúcar água alça almoço amargo antigo aparelho aplicativo arroz assento atendente atendimento
atrasada atrasado atraso barata barato barulhento barulho bateria bebida boa bolsa bom bonito botão
cabo cadeira café caixa cama cara carne caro carregador cartão cerveja cerveza chato chegar chegou
cheiro chuveiro cliente cobrança comida compra comprar comprei confortável conforto conta copo cor
danificado decepção decepcionado decepcionante defeito defeituoso delicioso demora demorada demorado
demorou devolução devolver difícil dinheiro doce duro embalagem encomenda entrega entregador errado
espera esperar estragada estragado fácil faltando fechado feio fraca fraco frango fresco fria frio
funciona funcionar garantia garçom gelado gordura gosto gostoso grosseiro hora horrível insosso
instruções janela jantar lanche legumes leite lenta lento leve limpeza limpo loja luz mal manteiga
melhor mesa minutos mofado molho muito noite novo óleo ovo pagar pão pedido peixe pequeno péssima
péssimo pilha pior prato preço presente produto propaganda qualidade quarto quebrada quebrado
quebrou queijo quente rápido rasgado reclamação recomendo reembolso refeição roupa ruído ruim sabor
saboroso sapato seco serviço silencioso sobremesa som suco suja sujeira sujo tamanho tarde tecido
tela telefone toalha troca trocar vazio velho velocidade vendedor vinho xícara
""",
    "nl": """
aangekomen aanrader aardig afwas apparaat batterij bediening bedorven bedrijf beschadigd beste
bestellen bestelling betalen bier boter brood broodje deksel deur dienst donker douche drankje droog
dure duur ervaring eten fles fout garantie gebroken gebruik geen geld geleverd geluid gerecht
geroken geur gezellig glas goed goede goedkoop groente groot grote handleiding heerlijk heet honger
horloge huis jurk kaas kamer kapot kip klant klantenservice kleding klein kleine kleur knop koffie
kopen kosten koud koude kussen kwaliteit laat lader langzaam lawaai leeg lekkage lekker lelijk leuk
levering levertijd licht luidspreker maaltijd maat melk minuten moeilijk mooi nacht nieuw nooit
onbeleefd onbeschoft ongezellig ontbijt onvriendelijk onvriendelijke oplader oud personeel plaats
prijs prijzen prijzig raam rekening reparatie retour rijst rot ruilen saai scherm schoen schoenen
schoon slaap slecht slechte smaak smaakt snel snoer speelgoed stank stil stinkt stoel stof stuk
suiker tafel tas telefoon teleurgesteld teleurstellend terug terugbetaling toetje traag trage uur
veel verkeerd verlopen verpakking verpakt vers versturen vertraagd vertraging verzending vies vieze
vis vlees vlug vriendelijk vuil wachten wachttijd wasmachine werken werkt wijn winkel zacht zetel
ziek zitten zoet zout zwaar zwak
""",
    "pl": """
aplikacja bagaż bardzo bateria biurko brak brudno brudny brzydki buty cena ceny chleb chłodny chory
ciastko ciasto cicho cichy ciemny ciepły cukier czas czekać czekania czystość czysty danie deser
długi długo dobra dobre dobry dobrze dostawa dostawy drogi drogie drogo drzwi duży dzień dźwięk
ekran garnek głośno głośny gorący gorzki gość gwarancja hałas herbata jajko jakość jakości jedzenia
jedzenie kawa kelner kelnerka klient kolacja kolor koszt kuchnia kupić kurczak ładny ładowanie
ładowarka łatwy łazienka lekki lepszy lód lody łóżko mała małe mały materiał miejsce mięso miła miły
mleko mokry nieczynne niedobre niegrzeczny niemiły niesmaczne nigdy niski nowy obiad obsługa obsługi
odbiór odradzam ogień okno opakowanie opóźnienie opóźniona paczka pieniądze piwo pokój polecam
posiłek późno pralka prezent produkt produktu przepłacone przesyłka przycisk psuje pusty rachunek
reklamacja rozczarowanie rozmiar ryba ryż sałatka ser sklep słaba słabe słaby słodki słony smaczne
smaczny smak śmierdzi smród śniadanie sok sos spóźniona stary stłuczony stół świeży szef szklanka
szybka szybko tani tanio telefon tłusty tragedia twardy uprzejmy uszkodzone uszkodzony warzywa wino
woda wolna wolno wolny wygodny wysyłka wysyłki zabawka zadowolony zamówienie zapach zawód zepsuta
zepsute zepsuty zimne zimny zła złe źle zły zwrot zwrotu
""",
    "tr": """
acı ağır aldım araba arıza arızalı ayakkabı bagaj bardak bayat beden beğendim beğenmedim bekledim
bekleme berbat boş boyut bozuk bozuldu buzdolabı çabuk çalışıyor çalışmıyor çanta çay çirkin çok çöp
çorba defolu değil deri dolap düğme düşük ekmek ekran eksik elbise eski fatura fena fırın fiyat
fiyatı garanti geç geldi gelmedi gürültü gürültülü güvenilir güzel hasarlı hata hediye hesap hız
hızlı iade içecek iğrenç ilgisiz kaba kablo kahvaltı kahve kalın kalite kalitesi kalitesiz kapı
karanlık kargo kargosu kart kırık kırıldı kirli kıyafet koku kokusu kokuyor kolay koltuk konfor kötü
küçük kulaklık kumaş kuru kutu leke lezzet lezzetli lezzetsiz malzeme masa meyve müdür müşteri müzik
oda ödeme öneririm önermem oyuncak özensiz pahalı paket paketleme para parça patates pazar peynir
pil pilav pili pirinç pişman rahat rahatsız rengi renk saat saatler sabah sağlam sahte sandalye
şarap şarj satıcı sebze şeker servis ses sesi sessiz sıcak şikayet sipariş soğuk su süre süt tabak
tadı tat tatlı tavsiye tavuk taze tazelik tekrar telefon temiz temizlik teslimat tuvalet tuzlu uçak
ucuz ürün ürünü uygun üzgün uzun yağ yağlı yanlış yarım yatak yavaş yemek yemekler yeni yırtık yoktu
yüksek yumuşak zarar zayıf zor
""",
    "sv": """
återbetalning avfall badrum bagage bäst bekväm beställa beställning bestick betala betalning billig
billigt blöt bord bra bröd brukbar dålig dåliga dåligt dörr dryck dusch dyr dyra dyrt efterrätt
enkel färg färsk fel felaktig fisk flaska fönster för förpackning försenad försening förstörd fräsch
frukost fult fungera fungerar gammal garanti glas goda gott grönsaker hälsa hård hemsk hög högt
högtalare illa kaffe kall kallt kläder klagomål knapp kök kostnad kött kund kundtjänst kvalitet
kvaliteten kyckling kylskåp läcka läcker laddare laddning låg lägenhet lång långsam långsamt lätt
ledsen leverans leveransen ljud ljudet ljus maten middag mjölk mjuk möglig mörk nöjd obekväm ohyfsad
öl olja öppet ost otrevlig otrevligt paket pengar personalen pris priset prisvärd produkt produkten
rabatt räkning rekommenderar ren rengöring reparera retur ris saknas säng sen servitör skadad skärm
skön skor skräp sliten slut smak smakar smaken smutsig smutsigt snabb snabbt snål socker söt sött
sovrum spis stängt stol stor stora storlek svag svår tallrik tråkig trasig trasigt trevlig trevligt
tung tvätt tyg tyst ugn ursäkt vänlig väntan väntetid varm varmt väska vatten vidrig vin
""",
    "da": """
badeværelse bagage bedre beskidt bestille bestilling betale betjening billig billigt bord brød brugt
bruser dårlig dårlige dårligt dør drikke dyr dyrt elendig farve fejl fisk flaske forkert forsendelse
forsinkelse forsinket frisk fungerer gammel garanti gode godt grøntsager gryde højt højttaler hul
hurtig hurtigt ikke kaffe kedelig klage knap køb købt kød køkken kold koldt komfortabel kund
kundeservice kvalitet kvaliteten kylling lang langsom langsomt larm levering leveringen lille lugt
lugter lyd lyden lys lækker maden mangler morgenmad mørk mørkt mælk ødelagt oplader ost pakke penge
personale personalet pris prisen produkt produktet regning rejse ren rengøring returnering ringe ris
sko skrald skuffende skuffet skænket skærm slidt smag smager smuk snavset sød stof støj stol stor
størrelse sukker svag svær tallerken telefon tilbehør tilfreds tøj tør tung tyk uhøflig uvenlig vand
varm varmt vasker venlig vente ventetid vin virker værelse værste
""",
    "no": """
bestilling betjening billig bord bråk bråkete brød brukt dårlig dårlige dør drikke dyr dyrt elendig
farge feil fisk flaske forsinkelse forsinket frokost fungerer gammel garanti godt grønnsaker høyt
høyttaler hurtig ikke kaffe kald kaldt kjedelig kjøkken kjøpt kjøtt klage knapp komfortabel
kundeservice kvalitet kvaliteten kylling lader lang langsom levering leveringen lukt lukter lyd
lyden lys mangler maten melk mørk ødelagt ost pakke penger personalet pris prisen produktet råtten
regning ren rengjøring retur ris sein skadet skitten skjerm sko skuffelse skuffende skuffet smak
smaker smakløs søppel søt stol stor størrelse støv støy stygg sukker svak tallerken telefon treg
tregt tung uhøflig utslitt uvennlig vann varm vaskemaskin vennlig vente ventetid veske vin virker
vond værst
""",
    "fi": """
aamiainen äänekäs äänenlaatu ääni akku asiakas asiakaspalvelu astia edullinen epäkohtelias
epäystävällinen erinomainen hajoaa hajosi haju halpa hauras heikko hidas hinnat hinta hitaasti
hotelli huono huonosti huonot hyvä hyvää hyvin iso juoma juusto kahvi kaiutin kala kallis kallista
kana kaunis käyttö keittiö kello kengät kestää kipeä kirja koko kone kova kovaa kuppi kuulokkeet
kuuma kylmä kylmää laatu laatua lahja laiha lasi lasku laturi leipä liha liian lika likainen
loistava lompakko löysä maito makea maksu maku mauton mehu melu meluisa meni metalli minuuttia
mukava myöhässä myyjä näyttö nopea nopeasti odottaa odotus öljy olut ongelma ovi paha pahvi paketti
pakkaus palautus palvelu palvelua paras pehmeä peili pettymys pieni pilalla pimeä pöytä puhdas
puhelin puute raha rahat rasvainen rikki rikkoutui ruoka ruokaa sänky siisteys siisti sokeri suihku
suola suosittelen tahmea takuu tarjoilija tilaus toimi toimii toimitus toimitusaika tuoli tuore
tuote tyhmä tyytyväinen uusi väärä vaatteet valo vanha väri vesi vessa viallinen viini ystävällinen
""",
    "ro": """
amabil ambalaj apă aplicație ascuțit aștept aștepta așteptare baie bani bătrân băutură bere bilet
bucătărie bună buton cadou cafea cald caldă calitate calitatea calitativ cameră carne cartof casă
ceai chelner chelneriță comandă comandat confortabil convenabil culoare cumpărat curat curățenie
curier defectă deteriorat dezamăgire dezamăgit dezamăgitor dormit dulce dur dus ecran factură
fereastră fierbinte foarte frig frumos funcționa funcționează garanția garanție greșit greu gust
gustoasă gustos haine hârtie ieftin înapoi încărcător încet incomod întârziat întârziată întârziere
întuneric învechit jucărie lapte legume lent lentă livrare livrarea livrat lumină mâncare mâncarea
mare marfă masă miros mirosul mizerie mult murdar murdară nepoliticos neprietenos nesimțit niciodată
nou orez ospătar ou pachet pahar pâine pantofi pat personalul pește picant plată preț prețul prețuri
proaspăt proastă proaste probleme produs produsul prost pui puțin rambursare rece reclamație
recomand reparație retur rupt ruptă sărat sare scaun scump scumpă slabă slabe sosit spălat spart
stricat stricată suc sunet sunetul supă tacâmuri tare târziu telefon țesătură timp urât urâtă ușă
ușor valabil vechi vin voce zahăr zgomot zgomotos
""",
    "cs": """
balení balík baterie boty čaj čas čekání čekat cena ceny čerstvý chleba chuť chyba chybí čistota
čistý cukr dárek děkuji displej dlouhá dlouho dobrá dobré dobře dobrý dodání dodávka doporučuji
drahé draho drahý dveře faktura funguje hlasitý hlučný hluk hnusný horký horší hotové hrozný hrubý
jídla jídlo kabel káva košile kuchyně kuře kvalita kvality lahev lák lehký lepší levný lůžko malá
malý maso měkký mléko moc mokrý nabíječka nechutné nedoporučuji nefunguje nejhorší nepříjemný
nevhodný nikdy noc nový obal obchod oběd objednávka oblečení obsluha obsluhy odporný okno olej
opravdu ošklivý pečivo peníze personál pivo plný pokoj polévka pomalá pomalu pomalý postel pozdě
práce pračka prádlo prasklý příjemný příliš problém prodejce produkt reklamace rozbilo rozbitá
rozbité rozbitý ryba rychlá rychle rychlý rýže sklenice sklo slabá slabý sladký slaná smrad smrdí
snídaně špatná špatné špatně špatný špína špinavý spokojen spokojená stará starý studené studený
stůl suchý sůl světlo sýr těžký tichý tlačítko tmavý trouba účet vada vadný večeře velikost velký
velmi víno voda vrácení vůně výborný vynikající vzhled zákazník záruka zboží zelenina židle zima
zkažené zklamání zklamaný zlomený zpožděná zpoždění zvuk
""",
    "sk": """
balenie balík batéria čakanie čakať cena čerstvý chlieb chuť chýba čistota čistý dlhá dlho dobrá
dobre dobrý dodanie dodávka donáška doručenie drahé draho drahý dvere faktúra funguje hlasný hlučný
hluk horúci hrozné hrozný izba jedla jedlo káva kuchyňa kura kvalita kvality lacné lacný ľahký lepší
mäkký malý maslo mäso mlieko nabíjačka najhoršie nechutné nefunguje neodporúčam neskoro nikdy nový
obchod obed objednávka oblečenie obsluha odporúčam okno oneskorená peniaze personál pivo pokazené
polievka pomalá pomaly pomalý poškodený posteľ predajca príliš raňajky reklamácia rozbité rozbitý
ryba rýchle rýchly ryža sklamanie sklamaný škoda slabá slabý sladký smrad smrdí špinavý spokojný
stará stôl stolička studené suchý svetlo syr ťažký tichý tlačidlo tmavý účet vada večera veľkosť
veľký veľmi víno voda vôňa vrátenie výborný zákazník záruka zásielka zlá zle zlé zlý zvuk
""",
    "hu": """
ágy ajándék ajánlom ajtó akku akkumulátor alma ár ára árak asztal bab barátságos barátságtalan bor
borzalmas büdös cipő csalódás csalódott csendes csere csirke csomag csomagolás cukor désszert drága
drágák ebéd édes egészség egyszerű elég elfogyott elromlott erős étel ételek ette étterem fáradt
fény finom fizetés forró friss fürdő garancia gáz gomb gyenge gyors gyorsan hangerő hangja hangos
hiányzik hibás hideg hús ital íz íze ízetlen ízletes jó jól kabát kávé kedves kemény kényelmes
kényelmetlen kenyér képernyő késés késett késik késő kicsi kiszállítás kiszolgálás költség könnyű
konyha koszos kulturált láb lámpa lassan lassú levegő leves meleg méret mérete minőség minősége
minőségű mosógép műanyag nagy nagyobb nagyon nehéz nem nyitva olaj olcsó panasz penészes pénz pincér
pohár poharak pult ragadós reggeli rendelés rizs romlott rossz rosszul ruha sajnos sajt segítőkész
selejt sér sérült só soha sör sötét szag szaga szállítás szállítási száraz szék személyzet szép szín
tábla tányér táska tej telefon termék tiszta tisztaság töltő törött tört túl udvarias udvariatlan
ügyfél ügyfélszolgálat új üres üveg vacak vacsora várakozás várni vásárlás vásároltam visszatérítés
víz zaj zajos zöldség
""",
    "hr": """
ambalaža baterija boja brašno brz brza brzo bučno buka čaj čaša čekanje čekati cijena cijene cipele
čist čisto čistoća daljinski djelatnik dobar dobra dobro doručak dostava dostave gostoljubiv
govedina grozno gumb hladna hladno hrana hrane jeftin jeftino jelo kapanje kasni kasnila kašnjenje
kava kolač konobar konobarica kosa košta krevet krivo kruh kuhinja kupac kupnja kvalitet kvaliteta
kvalitete kvar lako lijep loš loša loše lošeg mali malo maslac mekan meso miris mirisi mlako mlijeko
mokro mračno narudžba narudžbe nedostaje nikad nova novac odjeća odličan odlično okus ormar osoblje
oštećen oštećeno paket pakiranje piletina pivo plastika platiti poklon pokvaren pokvareno poruka
posteljina povrat povrće predugo prekasno preporučujem preporuka preskup preskupo prljav prljavo
proizvod proizvoda prozor pršut punjač puno račun radi razbijen razbijeno razočaran razočaranje riba
riža ručak salata skup skupo slaba slabo sladak slano slomljen smrad smrdi soba sok spor spora sporo
stakleni stari stol stolica sudoper suho svjetlo svježe tamno tanak teško tiho tišina topla ubrus
ukusno umak uredno usluga usluge uslužan veličina velik vino voda vrata vruće začin žalba zaslon
zvučnik zvuk
""",
    "id": """
ambil asin bagus bahan barang baru basi baterai bau bayar berisik bersih besar bocor bosan botol
buruk cacat cepat coklat cuci daging dapur datang dikirim dingin enak garansi gelap gelas gratis
gula habis hadiah hancur harga harganya hilang hitam ikan jelek jendela jorok kamar kamera kantong
kasar kasur kebersihan kecewa kecil kemasan kembali keras kering kesal ketinggalan kirim kiriman
kotor kualitas kualitasnya kurang kursi kusut lama lambat lambatnya lampu layanan layar lemah lembut
lengkap lezat listrik luas lumayan mahal makan makanan mandi manis masakan masalah mati meja
melayani memuaskan menunggu minum minuman minyak mudah murah murahan musik nasi nyala nyaman pahit
pakaian paket panas parah pecah pedas pelanggan pelayan pelayanan pembayaran pembeli pengembalian
pengiriman penipu penjual penuh pesanan pintu piring produk puas ramah rapi rasa rasanya restoran
robek roti rugi rusak sakit salah sambal sampah sampai sapi sarapan sayur sayuran segar sekali
selalu sendok sepatu sopan suara suaranya susah susu tebal teh telat telepon telur tempat terlalu
terlambat tidak tidur tipis toko tua tukar tutup uang ukuran ukurannya wangi warna warnanya
""",
    "ms": """
bateri bunyi cantik kualiti lambat mahal makanan murah pembungkusan penghantaran perkhidmatan
pesanan rosak sedap tandas terlampau teruk warna
""",
    "vi": """
âm ăn áo bàn bẩn bánh bát bể bền béo bếp bị bia bình bò bữa cà cá cảm cay chậm chán chăn chất cháy
chảy chén chở chuột cơm cũ cứng đắng đắt dầu đau đen đèn đến dép đẹp đĩa dịch điện dơ dở đồ đổi đợi
đơn đóng dùng đường gà ghế giá giả giao giặt giày giòn giường gói gọi hạn hàng hoàn hôi hỏng hộp hư
kém kẹo khách khó khô không kính lành lạnh lâu loa lỗi lỏng lượng màn mặn màu máy mềm mới món mỏng
mua mùi muộn nặng ngon ngọt nguội người nhà nhân nhanh nhạt nhẹ nhỏ nhựa nóng nước ố ồn phẩm phê phí
phòng phục quá quán quần quạt rách rất rau rẻ rượu sạc sách sạch sai sân sản sáng sập sửa sữa tắm
tanh tệ thái thanh thất thiếu thịt thịu thơm thuế tiền tối tồi tốt trà trả trái trắng trễ trứng tủ
túi tuyệt vải váy vệ viên vỏ vỡ vọng vụ xanh xấu xe xoài yếu
""",
}
"""By ISO 639-1 code."""

LIKE_THEM = """
am ambient an ar attest batteries be ben bland ca cafe caffe cam camera cameras carton chat client
clients color colors com comands cop creme dang defect den diner diner's diners do don dong error
errors for function functions ga gratuity hang hanger hard hong hop lab lacked lag long los lose
male man mange manger masala material materials may mediocre midday minute minutes moi mon muster o
ol on personal plastic posted poster posters present problem problems product products quality quart
rapid re reservation reservations salad salads san school service services so socket sockets solid
solids stink stinks stinky student students sure tam te telephone telephones thai that usa use ve
volume volumes
"""
"""English words that look like one of them without its marks, or but for its ending."""


def languages_of_word(word: str) -> frozenset[str]:
    """Return the languages in whose reviews a word is usual; English is not among them.

    Args:
        word: In lower case, with its marks or as it is typed in haste.
    """
    known, bare = _known(), unmarked(word)
    if bare not in _like_them():
        forms = (word, bare, *_cut(bare))
    elif bare != plain(word):
        forms = (word,)
    else:
        return frozenset()
    return frozenset().union(*(known.get(form, frozenset()) for form in forms))


def is_english_like(word: str) -> bool:
    """Tell whether a word in lower case is an English one that looks like one of the others."""
    return word in _like_them()


def unmarked(word: str) -> str:
    """Return a word without its marks: `kötü` as `kotu`."""
    split = unicodedata.normalize("NFD", word.translate(_LETTERS))
    return "".join(letter for letter in split if not unicodedata.combining(letter))


def plain(word: str) -> str:
    """Return a word without the marks that English has on words from elsewhere: café, jalapeño."""
    return word.translate(_IN_ENGLISH)


def _cut(word: str) -> set[str]:
    """Return what stands for a word with another end: its last letter, before an s or not."""
    some = {word, word.removesuffix("s")}
    return {f"{one[:-1]}-" for one in some if len(one) >= _LEAST_CUT} | (
        {f"{word}-"} if len(word) >= _LEAST_CUT - 1 else set()
    )


@cache
def _like_them() -> frozenset[str]:
    return frozenset(LIKE_THEM.split())


@cache
def _known() -> dict[str, frozenset[str]]:
    """Return the languages of each word: as it is, without its marks, and but for its end."""
    found: dict[str, set[str]] = {}
    for code, words in REVIEW_WORDS.items():
        for word in words.split():
            bare = unmarked(word)
            cut = {f"{bare[:-1]}-"} if len(bare) >= _LEAST_CUT else set()
            for form in {word, bare, *cut}:
                found.setdefault(form, set()).add(code)
    return {form: frozenset(codes) for form, codes in found.items()}
