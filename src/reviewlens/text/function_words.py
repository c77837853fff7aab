"""Words that say nothing alone, of languages of which no package here lists enough."""

from __future__ import annotations

FUNCTION_WORDS = {
    "da": """
alle bare begge blandt bør da den der det eller fordi fra få får fik før hver hvilke hvilken
hvordan hvorfor ikke ingen intet ja kan kom kun kunne lige lidt længe mellem mens må måtte nej
og også over samme siden skal skulle stadig så til uden ved vil ville var være
""",
    # As it is spoken in Switzerland.
    "de": "chan chunt dä gsi händ hät hend isch nöd nüt nume öpper öppis üs",
    # Croatian, and Bosnian, Montenegrin and Serbian as they are written in Latin letters.
    "hr": """
ako ali bez bi bih biti bila bile bili bilo bio bismo da dok ga gdje gde i ih ili im ima imam
imaju iz između ja je jedan jedna jedno jer joj jos još ju jako kad kada kao kako ko kod koja
koje kojeg kojem koji koju li mene meni mogu može moze moj moja moje moju mu na nakon naš naša
ne nema neće nece neću necu ni nije nikad nikada nisam nisu niti ništa nista od ona oni ono ova
ovaj ove ovo ovog ovoj ovom ovu pa po posle poslije pre preko prema pri prije s sa sam samo se
si smo sto što šta ste su sva sve svi svoj svoja svoje svoju ta taj tako te ti tko treba u uvek
uvijek već vec veoma više vise vrlo vaš za zbog će ce ću cu ovde ovdje ovim ovih njih nju njega
""",
    "id": """
ada adalah agar akan anda atas atau bahwa banget bila bisa boleh cuma dalam dan dari daripada
dengan di diatas gak hanya harus ini itu jangan jika juga kalau karena ke ketika kurang lagi
lain lebih masih mau mengenai nggak oleh pada padahal para pas perlu saja sama sampai sangat
saya sebagai sebelum sebuah sekali selalu semua seperti setelah sudah supaya tanpa tapi telah
terlalu tetapi tidak udah untuk yang
""",
    "sr": """
али ако без бих био била биле били било веома већ више врло где да до док ево за због и из или
им има имам између их ја је јер још кад када како као код које који која који ко кроз ли ме
мени ми може могу мој моја моје му на нам нас наш не него неће нема ни никад нисам нису није
ништа о обе од он она они оно ова овај ове ово по под поред после пошто пре преко при са сам
само све сви се си смо сте су та тај тако те ти то треба у увек уз ће ћу шта што
""",
    "sl": """
ali bi bil bila bile bili bilo bo bodo bolj bom brez če da ga h ima imam in iz ja jaz je jih
jim jo k kaj kako kar katera kateri ker ki ko kot lahko le med moj moja moje mu na nad naš ne
ni nič nikoli nima nisem niso ob od ona oni pa po pod pred pri s samo se sem si smo ste svoj
svoja svoje ta tako tam te tega tem ter ti tudi tukaj v več vedno vse vsi z za zdaj že zelo še
""",
    # Hindi and Urdu as they are typed without their letters; none that is usual in English.
    "hi-Latn": """
aap aapka aapke aapki aapko aaya aayi abhi accha acche acchi acha achha achhe achhi achi apna
apne apni aur baad badhiya badiya bahot bahut barbaad barbad bekaar bekar bhai bhi bilkul bohot
bohut chahie chahiye diya dono ekdum gaya gaye gayi hai hain hoon hota hote hoti hua hui hume
humein iska iske iski isko isme itna itne itni jaisa jaise jaldi jata jati jitna jyada kabhi
kafi kahan kaisa kaise karke karna karne karo karta karte karti kaun kharab kharid kharida
kharidna kharido khatam kitna kiya kuch kya kyon kyu kyun kyunki laga lagi lagta lekin leta
liya liye maine matlab mera mili mujhe nahi nahin nhi paisa paise pasand pehle phir rahe rahi
saath sabko sabse sakta sakte sakti sasta sath tha theek thik thoda tumhara unka unke unki uska
uski usko usme vasool waisa wala wale wali wapas wapis woh yaar yahan yeh zyada
""",
}
"""By ISO 639-1 code, but for the last, of which there is none."""

SHARED_ENGLISH = """
a all also am an and are as at be by ca co con de do dont due eg em for go had has have he her
i id ie if im in is it ll me mine most my no of oh ok on one or over per re so take ten the to
un under up us ve via was we will wo
"""
"""English words of at most two letters, and such as are words of other languages too."""
