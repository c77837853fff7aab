"""Words that headers of a person's columns are made of, in some twenty-five languages."""

from __future__ import annotations

from collections.abc import Mapping

from reviewlens.reading.details import Kind

# What a header says alone, beside whose it is (`Телефон клиента`), or at its end
# (`RecipientFirstName`); several words are written as one.
TELLING: Mapping[Kind, str] = {
    "email": """
        whatisyouremail youremail
        email emailaddress emails mailaddress emailadresse mailadresse emailid courriel
        adressemail
        correo correoelectronico indirizzoemail enderecodeemail posta eposta emailadres mail
        adresemail
        adressemail adresseelectronique epost epostadress epostadresse sahkoposti
        sahkopostiosoite emailcim
        emailova emailovaadresa ηλεκτρονικοταχυδρομειο البريدالالكتروني البريد بريدالكتروني
        ايميل
        メール メールアドレス 邮箱 電子郵件 电子邮件 邮箱地址 이메일 메일 이메일주소 почта
        электроннаяпочта
        """,
    "phone": """
        phone phonenumber telephone telephonenumber tel mobile mobilephone mobilenumber mobileno
        phoneno phonenr mobilnr cell cellphone cellnumber whatsapp whatsappnumber fax faxnumber
        contactnumber contactno
        handynr telefonprivat telefoni puhelin puhelinnumero matkapuhelin telefonszam mobilszam
        telefon telefonnummer handy handynummer mobil mobilnummer mobiltelefon rufnummer
        telefonnr
        numerodetelephone telefono telefonomovil movil celular cellulare numeroditelefono
        portable
        telefone telemovel telefoonnummer telefoon mobiel telefonu ceptelefonu cep ceptel
        telefonnumarasi
        telefoncislo telefonnicislo numertelefonu nrtelefonu komorka numardetelefon numartelefon
        numerodetelefono numerodetelefone numerotelefono numerodecelular tlf tlfnr sodienthoai
        dienthoai sdt
        notelepon nomortelepon nohp nomorhp telepon τηλεφωνο κινητο αριθμοςτηλεφωνου
        الهاتف هاتف رقمالهاتف الجوال جوال رقمالجوال الموبايل رقمالموبايل תלפון טלפון נייד
        电话 手机 手机号 手机号码 联系电话 电话号码 手機 電話 電話番号 携帯 携帯電話 전화
        전화번호 휴대폰
        휴대전화 휴대폰번호 연락처 телефон номертелефона мобильный моб โทรศัพท์ เบอร์โทร
        """,
    "person": """
        firstname lastname fullname surname forename givenname familyname middlename maidenname
        vorname nachname familienname vollername prenom nomdefamille nomcomplet apellido
        apellidos
        nombrecompleto cognome nomecompleto sobrenome voornaam achternaam imie nazwisko soyad
        soyadi
        姓名 氏名 이름 имя фамилия фио contactname recipientname submittedby createdby отчество
        postedby writtenby completedby filledby yorumyapan yorumuyapan اسمالمراجع login
        reviewedby respondent respondentname yourname whatisyourname kundenname
        namedeskunden screenname nickname sender recipient お名前 имяпользователя 买家 買家
        username userhandle handle alias displayname loginname fulllegalname legalname
        contactperson ansprechpartner kontaktperson personadecontacto personnecontact
        benutzername nutzername anwendername pseudonyme nomdutilisateur identifiant
        nombredeusuario apodo
        nomeutente nomedeusuario apelido gebruikersnaam bijnaam nazwauzytkownika pseudonim
        anvandarnamn brukernavn brugernavn fornamn efternamn fornavn etternavn efternavn namn
        etunimi sukunimi kayttajanimi kayttajatunnus nimimerkki nimi jmeno prijmeni
        uzivatelskejmeno
        krestnijmeno priezvisko meno celejmeno vezeteknev keresztnev teljesnev felhasznalonev
        felhasznalo
        nume prenume numecomplet numedefamilie utilizator ονοματεπωνυμο επωνυμο ονομαχρηστη
        isim adsoyad adisoyadi adivesoyadi adsoyadi kullaniciadi takmaad ad adi
        الاسم الاسمالكامل اسمالعائلة اسمالمستخدم اللقب اسمالعميل שםמלא שםפרטי שםמשפחה
        hovaten hoten tennguoidung namalengkap namapengguna namadepan namabelakang
        никнейм ник логин псевдоним имяифамилия фамилияиимя прізвище імя ім’я
        用户名 用戶名 用户昵称 网名 收件人 收货人 联系人 聯絡人 顾客姓名 真实姓名 ユーザー名
        ハンドルネーム
        名字 お客様名 担当者 성명 닉네임 사용자명 아이디 고객명 받는사람 ชื่อ ชื่อผู้ใช้ नाम ग्राहककानाम
        """,
    "address": """
        streetaddress homeaddress billingaddress shippingaddress deliveryaddress mailingaddress
        postaladdress customeraddress useraddress reviewerdaddress addressline1 addressline2
        anschrift lieferanschrift rechnungsanschrift versandadresse versandanschrift postanschrift
        wohnort strasse strassehausnummer lieferadresse rechnungsadresse
        adressepostale
        adressedelivraison direccionpostal direcciondeenvio indirizzodispedizione
        wohnadresse streetname streetandnumber houseno hausnummer wohnanschrift
        adressedefacturation domicile
        direccionentrega direcciondeentrega direcciondefacturacion domicilio calle
        indirizzodiconsegna
        enderecodeentrega enderecoresidencial verzendadres bezorgadres factuuradres woonadres
        adresdostawy adreszamieszkania ulica leveransadress gatuadress leveringsadresse
        bostadsadress
        toimitusosoite katuosoite postiosoite adresadoruceni dorucovaciadresa bydliste ulice
        szallitasicim lakcim adresadelivrare teslimatadresi evadresi faturaadresi
        адресдоставки домашнийадрес διευθυνσηαποστολης عنوانالتوصيل عنوانالشحن diachigiaohang
        收货地址 配送地址 收件地址 送货地址 家庭住址 住址 详细地址 お届け先 お届け先住所 配送先
        配送先住所
        배송지 배송주소 배송지주소
        """,
    "network": """
        ip ipaddress ipaddr ipv4 ipv6 remoteaddr clientip useragentip ipadresse adresseip adresip
        """,
    "iban": "iban bankaccount bankaccountnumber kontonummer",
    "card": "cardnumber creditcard creditcardnumber kreditkarte kreditkartennummer cardno",
    "order": """
        orderid ordernumber orderno ordernr ponumber pono orderref orderreference ticketid
        ticketnumber ticketno
        bookingid bookingnumber bookingreference bookingref invoiceid invoicenumber invoiceno
        reservationid reservationnumber confirmationnumber trackingnumber trackingid caseid
        casenumber bestellnummer bestellnr auftragsnummer auftragsnr rechnungsnummer
        ticketnummer
        kundennummer sendungsnummer numerodecommande ncommande numerodepedido numeropedido
        numerodordine numeroordine numerodopedido bestelnummer ordernummer 订单号 訂單號
        注文番号
        номерзаказа pnr recordlocator
        """,
    "identity": """
        passportnumber passportno passport passportid idcardnumber idcard nationalid
        nationalidnumber
        socialsecuritynumber socialsecurity ssn taxid taxidnumber driverslicense driverslicence
        driverslicensenumber drivinglicence drivinglicense licencenumber nationalinsurancenumber
        ausweisnummer ausweisnr personalausweis personalausweisnummer reisepass reisepassnummer
        passnummer steuerid steuernummer steueridentifikationsnummer sozialversicherungsnummer
        svnummer fuhrerschein fuhrerscheinnummer ahvnummer
        passeport numerodepasseport cartedidentite numerodecartedidentite numerodesecuritesociale
        dni numerodedni nif pasaporte numerodepasaporte curp cedula cedulanumero
        numerodecedula numerodeidentificacion documentodeidentidad seguridadsocial
        cpf numerodocpf passaporte numerodopassaporte codicefiscale passaporto
        numerodipassaporto cartadidentita
        bsn burgerservicenummer paspoort paspoortnummer rijbewijsnummer pesel numerpesel paszport
        numerpaszportu numerdowodu dowodosobisty personnummer passnummer cprnummer fodselsnummer
        henkilotunnus passinumero rodnecislo cislopasu cisloop szemelyiszam utlevelszam cnp
        tckimlik tckimlikno kimlikno pasaportno
        паспорт номерпаспорта инн снилс αφμ αμκα
        رقمالهوية رقمجوازالسفر תעודתזהות
        आधार aadhaar aadhar aadhaarnumber pannumber panno ktp nomorktp cccd cmnd socccd socmnd
        身份证号 身份证 身份证号码 护照号 护照号码 護照號碼 身分證 身分證字號
        マイナンバー パスポート番号 주민등록번호 여권번호
        """,
}

# Whose it is; of five letters and more, an ending of up to three may follow.
OWNERS = """
    customer user reviewer client contact guest author buyer recipient member passenger traveler
    traveller
    visitor patient subscriber respondent participant employee staff agent purchaser shopper
    consumer
    commenter poster writer sender cardholder accountholder holder parent host driver tenant
    student applicant account holder person people
    kunde kunden kundin nutzer benutzer gast gaste verfasser autor kaufer empfanger absender
    fahrgast
    passagier mitglied reisender teilnehmer utilisateur voyageur auteur acheteur destinataire
    passager
    membre contacto cliente usuario huesped pasajero comprador viajero destinatario socio utente
    ospite
    passeggero acquirente autore hospede passageiro membro klant gebruiker reiziger koper
    ontvanger lid
    klient klienta uzytkownik kupujacy kupujacego gosc goscia pasazer odbiorca autora nabywca
    nabywcy
    kund kunds anvandare resenar gjest bruker kjoper kjopers bestiller koper kober
    asiakas asiakkaan kayttaja kayttajan matkustaja matkustajan vieras vieraan tilaaja tilaajan
    zakaznik zakaznika uzivatel uzivatele cestujici host hosta kupujici odberatel
    vasarlo ugyfel felhasznalo vendeg utas szerzo vevo πελατη χρηστη επιβατη επισκεπτη αγοραστη
    clientului utilizatorului musteri musterinin kullanici kullanicinin yolcu misafir konuk
    alici yazar uye
    клиент пользователь пользователя покупатель покупателя пассажир гость гостя автор получатель
    заказчик отправитель клієнт покупець покупця користувач
    العميل الزبون المستخدم الضيف المسافر المشتري عميل زبون مستخدم ضيف مسافر الراكب
    khachhang nguoidung nguoimua hanhkhach khach pelanggan pengguna tamu penumpang pembeli
    客户 客戶 用户 用戶 顾客 顧客 会员 會員 买家 買家 乘客 旅客 住客 客人 收件人 联系人 评论者
    评价人 作者
    お客様 お客 ユーザー 会員 購入者 宿泊者 乗客 投稿者 고객 회원 구매자 사용자 투숙객 승객
    작성자 주문자
    ลูกค้า ग्राहक לקוח הלקוח нпользователя
    """
# Of these, who writes; a column that is called so holds names.
WRITERS = """
    author reviewer commenter poster writer sender autor auteur autore verfasser yazar szerzo
    автор 작성자 投稿者
    作者 评论者 评价人 contact contacto host driver employee staff agent recipient
    """
NAMES = """
    الاسم numele име 명 성함 login first last given family full middle display preferred legal
    vor nach name names nom nome nombre naam namn navn nimi nimet neve nev jmeno meno nume isim
    ismi ad adi
    ονομα имя имени имена ім’я името اسم שם ten nama 名 名前 名称 名称 名字 姓名 氏名 이름 성명
    nazwa imie
"""
# These are of people alone.
NAMES_OF_PEOPLE = """
    prenom prenoms apellido apellidos
    cognome sobrenome nazwisko prijmeni soyad soyadi sukunimi etunimi surname surnames forename
    фамилия отчество 昵称 暱稱 ニックネーム 닉네임 nickname nick username handle
    """
PARTS_OF_NAMES = "login first last given family middle preferred legal vor nach"
# Names of a person that hold all of it, and by which a network knows one.
WHOLE_NAMES = """
    fullname vollername nomcomplet nombrecompleto nomecompleto imieinazwisko adsoyad adisoyadi
    adivesoyadi numecomplet celejmeno teljesnev ονοματεπωνυμο фио имяифамилия фамилияиимя
    الاسمالكامل שםמלא hovaten namalengkap 姓名 氏名 お名前 성명 真实姓名 顾客姓名 お客様名 고객명
    nomeesobrenome nombreyapellidos prenometnom nometprenom nomeecognome vornameundnachname
    benutzername nutzername anwendername pseudonyme nomdutilisateur nombredeusuario nomeutente
    nomedeusuario gebruikersnaam nazwauzytkownika pseudonim anvandarnamn brukernavn brugernavn
    kayttajanimi nimimerkki uzivatelskejmeno felhasznalonev ονομαχρηστη kullaniciadi takmaad
    اسمالمستخدم اسمالعميل tennguoidung namapengguna имяпользователя никнейм ник псевдоним
    用户名 用戶名 用户昵称 网名 ユーザー名 ハンドルネーム 닉네임 사용자명 screenname yourname
    whatisyourname reviewedby postedby writtenby kundenname namedeskunden ग्राहककानाम
    """
# Whose a name is that did not write.
OTHERS = """
    contact contacto kontakt recipient employee staff agent holder cardholder accountholder account
    parent host hosta driver tenant student applicant people person sender absender отправитель
    empfanger destinataire destinatario ontvanger odbiorca alici получатель patient referent
    收件人 联系人
    """
PROFILES = """
    profil profile profiles profilo perfil profiel profilom profiili profiel profilseite
    profilepage profillink профиль профіль προφιλ profili 主页 プロフィール 프로필
    """
JOINING = """
    на का के की and et y e ed und og och i ja es a ve и та of the your ihr ihre votre su sua seu
    de del della dell di da
    do das dei des du der den dem la le les l el los van het de het av till til dla του της των
    d’
    の 的 의
    """
BESIDE = """
    shipping billing delivery lead card line parent tenant staff daytime evening home work
    private mobile primary secondary main alternate emergency
    contact kontakt contacto
    """
# Networks and what on them is a person's.
NETWORKS = """
    facebook twitter instagram insta tiktok linkedin telegram skype snapchat wechat weixin line
    discord
    youtube pinterest reddit github xing vk vkontakte viber mastodon bluesky threads kakaotalk
    whatsapp
    微信 微博 qq 페이스북 트위터 인스타그램 트위터 페이스북 카카오톡 вконтакте телеграм
    инстаграм
    """
ON_NETWORKS = """
    profile profil profilo perfil profiel profilom handle id name username user account page url
    link konto
    cuenta compte conta nick nickname tag channel canal kanal канал 号 帐号 账号 アカウント 계정
    아이디 профиль аккаунт ник страница
    """
# These alone may be a shop's or a hotel's as well; their values tell.
ADDRESSES = """
    address addresses adresse adresses adress adressen adres adresa direccion direcciones
    indirizzo endereco
    morada osoite cim cime street strasse rue via rua straat gata vej gate calle ulica utca
    cadde adresi
    адрес адреса улица διευθυνση عنوان العنوان diachi alamat 地址 住所 주소 ที่อยู่ पता כתובת
    """
# What a column of customers holds that says of which kind each is.
KINDS_OF_CUSTOMERS = frozenset(
    """
    new returning existing repeat regular first loyal business leisure corporate family couple
    couples
    solo single group groups friends individual private personal public retail wholesale online
    offline
    guest guests member members nonmember registered unregistered verified unverified anonymous
    subscriber admin user customer client premium basic free trial pro gold silver bronze
    platinum
    diamond standard vip student senior adult child male female man woman men women other
    unknown none
    yes no true false b2b b2c internal external staff employee economy first-time trialist
    enterprise
    smb consumer end-user active inactive former current prospect lead local tourist resident
    neu neukunde bestandskunde stammkunde privat geschäftlich gewerblich geschäftskunde
    privatkunde
    familie paar alleinreisend gast mitglied nouveau fidèle ancien professionnel particulier
    famille
    affaires loisirs couple seul nuevo nueva recurrente habitual negocios ocio familia pareja
    empresa
    particular nuovo abituale azienda privato famiglia coppia novo nova recorrente negócios
    lazer
    família casal nieuw terugkerend zakelijk particulier gezin nowy stały biznes rodzina ny
    återkommande
    företag familj uusi vanha yritys nový stávající firma új visszatérő céges yeni mevcut
    bireysel kurumsal
    новый постоянный корпоративный частный семья бизнес νέος επιστροφή جديد دائم عائلة أعمال
    新客 老客 会员 新用户 老用户 散客 商务 家庭 情侣 个人 企业 新規 常連 法人 個人 家族 신규
    기존 단골 회원
    """.split()  # noqa: SIM905
)
