"""Words of remarks on what is heard besides speech, such as (laughs), in many languages."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache
from itertools import chain

from components.speech.corpus.scripts import is_unspaced
from components.speech.corpus.text import normalise

ENGLISH = "en"
NOISES = {  # ISO 639 code -> words that name a noise, a silence or what nobody understood
    "en": "noise noises noisy sil silence silent laugh laughs laughter laughing chuckle chuckles chuckling"
    " giggle giggles giggling cough coughs coughing breath breathe breathes breathing breaths inhale"
    " inhales inhaling exhale exhales exhaling music applause clapping claps clap crosstalk beep beeps"
    " bleep sneeze sneezes sneezing sniff sniffs sniffing sniffles sigh sighs sighing gasp gasps"
    " gasping yawn yawns yawning click clicks clicking lipsmack smack smacks background bg static"
    " pause pauses groan groans cry cries crying sob sobs sobbing scream screams screaming whistle"
    " whistles whistling hum hums humming snort snorts throat burp burps swallow swallows gulp slurp"
    " rustle rustling knock knocks knocking slam slams bang thud footsteps barking barks ringing rings"
    " ringtone buzz buzzing hiss hissing rumble cheering cheers cheer screech chatter babble mumble"
    " mumbles mumbling murmur murmurs overlap overlapping indistinct garbled inaudible unintelligible"
    " unclear unk spn oov hesitation hesitates",
    "de": "lachen lacht lachend gelächter kichern kichert husten hustet hustend räuspern räuspert atmen"
    " atmet atmung einatmen ausatmen seufzen seufzt seufzer niesen niest schniefen schnieft schnauben"
    " schmatzen schmatzt gähnen gähnt schlucken schluckt weinen weint schluchzen stöhnen stöhnt"
    " geräusch geräusche hintergrundgeräusch hintergrundgeräusche nebengeräusch nebengeräusche"
    " störgeräusch lärm rauschen knacken klopfen klicken piepen piepton stille schweigen musik applaus"
    " beifall klatschen unverständlich pfeifen pfeift klingeln",
    "nl": "lachen lacht gelach lachend hoest hoesten hoestend kucht kuchen kuch zucht zuchten ademt ademen"
    " ademhaling niest niezen snuift geeuwt gaapt geluid geluiden achtergrondgeluid achtergrondlawaai"
    " ruis lawaai stilte muziek applaus geklap onverstaanbaar klik gekuch smakt schraapt piep",
    "sv": "skratt skrattar skrattande hosta hostar hostning harklar harkling andas andning suck suckar"
    " nyser nysning gäspar snyftar buller brus bakgrundsljud oljud tystnad musik applåd applåder"
    " ohörbart otydligt smackar klick",
    "da": "latter griner ler hoster hosten rømmer vejrtrækning sukker sukken nyser støj baggrundsstøj brus"
    " stilhed musik bifald klapsalver uforståeligt utydeligt gaber klik",
    "no": "latter ler hoster hosting kremter pust puster sukker nyser støy bakgrunnsstøy brus stillhet"
    " musikk applaus uforståelig utydelig gjesper smatter klikk",
    "fr": "rire rires rit rient riant ricane toux tousse toussent toussotement éternue éternuement soupir"
    " soupirs soupire inspire expire inspiration expiration respiration respire souffle bâille"
    " bâillement renifle pleure sanglot sanglots gémit raclement bruit bruits bruitage brouhaha"
    " silence musique applaudissements applaudissement inaudible incompréhensible inintelligible"
    " grésillement claquement sifflement bip clic",
    "es": "risa risas ríe ríen riendo carcajada carcajadas tos tose tosen tosiendo carraspeo carraspea"
    " estornudo estornuda suspiro suspiros suspira respiración respira inspira bostezo bosteza llanto"
    " llora sollozo ruido ruidos murmullo murmullos silencio música aplausos aplauso inaudible"
    " ininteligible incomprensible golpe chasquido silbido pitido",
    "ca": "riu riuen rialla rialles riallada tos tus estossec esternut sospir sospira respiració soroll"
    " sorolls silenci música aplaudiments inaudible inintel·ligible badall cop espetec",
    "gl": "risas riso ruído ruídos tose suspiro silencio música aplausos ininteligible",
    "pt": "riso risos risada risadas ri rindo gargalhada gargalhadas tosse tosses tossindo tossem pigarro"
    " pigarreia espirro espirra suspiro suspiros suspira respiração respira bocejo choro chora soluço"
    " ruído ruídos barulho barulhos silêncio música aplausos palmas inaudível ininteligível"
    " incompreensível estalo assobio chiado",
    "it": "risata risate riso ride ridono ridendo risatina tosse tossisce tossendo colpo starnuto"
    " starnutisce sospiro sospiri sospira respiro respira respirazione sbadiglio sbadiglia pianto"
    " piange singhiozzo rumore rumori brusio fruscio silenzio musica applausi applauso inudibile"
    " incomprensibile fischio schiocco",
    "ro": "râs râsete râde rîde tuse tușește oftat oftează strănut respirație respiră suspin zgomot zgomote"
    " liniște tăcere muzică aplauze neinteligibil căscat",
    "pl": "śmiech śmiechy śmieje kaszel kaszle chrząka chrząknięcie westchnienie wzdycha wdech wydech"
    " oddech oddycha kichnięcie kicha ziewa ziewnięcie płacz płacze hałas hałasy szum szumy dźwięk"
    " odgłos trzask cisza muzyka oklaski brawa niezrozumiałe niewyraźne mlaśnięcie mlaska stuknięcie"
    " pauza",
    "cs": "smích směje smějí kašel kašle zakašlání odkašlání vzdech povzdech vzdychá nádech výdech dýchá"
    " dech kýchnutí zívá zívnutí pláč pláče hluk hluky šum ruch ticho hudba potlesk nesrozumitelné"
    " mlasknutí klapnutí pauza",
    "sk": "smiech smeje kašeľ kašle vzdych vzdychá nádych výdych dýcha dych hluk šum ticho hudba potlesk"
    " nezrozumiteľné mľasknutie pauza",
    "sl": "smeh smeje kašelj kašlja vzdih vzdihne vdih izdih hrup šum tišina glasba aplavz ploskanje"
    " nerazumljivo",
    "hr": "smijeh smije kašalj kašlje uzdah uzdiše udah izdah šum buka tišina glazba muzika pljesak aplauz"
    " nerazumljivo kihanje",
    "sr": "smeh smeje kašalj kašlje uzdah uzdiše šum buka tišina muzika pljesak aplauz nerazumljivo смех"
    " смеје кашаљ кашље уздах шум бука тишина музика аплауз неразумљиво",
    "bg": "смях смее кашлица кашля въздишка въздиша дишане шум шумове тишина музика аплодисменти неразбрано"
    " неразбираемо кихане",
    "mk": "смеа смее кашлица кашла воздишка шум бучава тишина музика аплауз неразбирливо",
    "ru": "смех смеётся смеется смеются смеясь хохот хихикает кашель кашляет кашляют покашливание вздох"
    " вздохи вздыхает вдох выдох дыхание дышит чихает чихание чих зевает зевок плач плачет всхлип"
    " всхлипывает шум шумы помехи стук щелчок хлопок тишина молчание музыка аплодисменты неразборчиво"
    " нрзб невнятно шорох причмокивает",
    "uk": "сміх сміється сміються кашель кашляє зітхання зітхає вдих видих дихання чхає чхання позіхає плач"
    " плаче шум шуми гамір стукіт тиша мовчання музика оплески нерозбірливо невиразно",
    "be": "смех смяецца кашаль кашляе уздых шум цішыня музыка апладысменты неразборліва",
    "lt": "juokas juokiasi kosulys kosi atodūsis atsidūsta čiaudėjimas triukšmas tyla muzika plojimai"
    " neaišku",
    "lv": "smiekli smejas klepus klepo nopūta nopūšas šķaudīšana troksnis klusums mūzika aplausi nesaprotami",
    "et": "naer naerab köha köhib ohe ohkab aevastab müra vaikus muusika aplaus arusaamatu",
    "fi": "naurua nauru nauraa naurahtaa naurahdus naurahtelee yskii yskä yskäisee yskähtää huokaus huokaa"
    " huokaisee aivastaa aivastus hengittää hengitys haukottelee itkee itkua melua melu hälyä häly"
    " kohinaa kohina ääni hiljaisuus hiljaista musiikkia musiikki taputusta aplodit aplodeja epäselvä"
    " epäselvää maiskahdus",
    "hu": "nevet nevetés nevetnek nevetve köhög köhögés köhint sóhajt sóhaj lélegzet lélegzik belélegzés"
    " kilégzés tüsszent tüsszentés ásít sír sírás zaj zajok zörej háttérzaj zúgás csend zene taps"
    " érthetetlen krákog",
    "tr": "gülme gülüyor güler gülüşme gülüşmeler gülerek kahkaha öksürük öksürme öksürüyor iç çekme nefes"
    " soluk hapşırma esneme ağlama ağlıyor gürültü gürültüsü ses sesi sessizlik müzik alkış"
    " anlaşılmıyor anlaşılmaz hışırtı",
    "az": "gülüş gülür öskürək öskürür nəfəs səs küy sükut musiqi alqış",
    "kk": "күлкі күледі жөтел жөтеледі шу музыка тыныштық",
    "el": "γέλιο γέλια γελάει γελά γελώντας βήχας βήχει αναστεναγμός αναστενάζει αναπνοή ανάσα φτέρνισμα"
    " χασμουρητό κλάμα κλαίει θόρυβος θόρυβοι σιωπή ησυχία μουσική χειροκρότημα χειροκροτήματα"
    " ακατάληπτο",
    "sq": "qesh qeshje qeshin kollë kollitet psherëtimë zhurmë heshtje muzikë duartrokitje",
    "eu": "barreak barrea barre eztula zarata isiltasuna musika txaloak ulertezina hasperena",
    "cy": "chwerthin peswch sŵn tawelwch cerddoriaeth cymeradwyaeth anadl ochenaid",
    "ga": "gáire casacht torann ciúnas ceol osna bualadh",
    "is": "hlátur hlær hósti hóstar andvarp hávaði þögn tónlist lófatak óskiljanlegt",
    "ar": "ضحك ضحكة ضحكات يضحك تضحك سعال يسعل تسعل كحة تنهد تنهيدة يتنهد تنفس عطس عطسة بكاء يبكي ضوضاء ضجيج"
    " ضجة تشويش صمت موسيقى تصفيق همهمة",
    "fa": "خنده میخندد خندیدن سرفه عطسه آه نفس گریه صدا سروصدا نویز همهمه سکوت موسیقی تشویق نامفهوم",
    "ur": "ہنسی قہقہہ کھانسی چھینک آہ سانس شور خاموشی موسیقی تالیاں",
    "he": "צחוק צוחק צוחקת צוחקים שיעול משתעל משתעלת אנחה נאנח נשימה התעטשות בכי רעש רעשים שקט שתיקה מוזיקה"
    " מחיאות כפיים",
    "hi": "हँसी हंसी हँसते हंसते हँसना हंसना ठहाका खाँसी खांसी खाँसना छींक आह साँस सांस शोर आवाज़ सन्नाटा मौन"
    " चुप्पी संगीत तालियाँ तालियां अस्पष्ट",
    "mr": "हसणे हशा खोकला शिंक श्वास आवाज गोंगाट शांतता संगीत टाळ्या",
    "ne": "हाँसो खोकी हल्ला मौन संगीत ताली",
    "bn": "হাসি হাসছে কাশি কাশছে হাঁচি শ্বাস নিঃশ্বাস দীর্ঘশ্বাস শব্দ কোলাহল নীরবতা সঙ্গীত সংগীত হাততালি অস্পষ্ট",
    "ta": "சிரிப்பு சிரிக்கிறார் இருமல் தும்மல் பெருமூச்சு சத்தம் இரைச்சல் அமைதி இசை கைதட்டல்",
    "te": "నవ్వు దగ్గు తుమ్ము నిట్టూర్పు శబ్దం నిశ్శబ్దం సంగీతం చప్పట్లు",
    "ml": "ചിരി ചുമ തുമ്മൽ ശബ്ദം നിശബ്ദത സംഗീതം കൈയടി",
    "kn": "ನಗು ಕೆಮ್ಮು ಸೀನು ಶಬ್ದ ಮೌನ ಸಂಗೀತ ಚಪ್ಪಾಳೆ",
    "gu": "હાસ્ય ઉધરસ છીંક અવાજ ઘોંઘાટ મૌન સંગીત તાળીઓ",
    "ka": "სიცილი იცინის ხველა ახველებს ხმაური სიჩუმე მუსიკა ტაში",
    "hy": "ծիծաղ ծիծաղում հազ հազում աղմուկ լռություն երաժշտություն ծափահարություններ",
    "id": "tertawa tawa ketawa batuk menghela bersin napas nafas suara bising kebisingan derau hening musik"
    " tepuk tangan menangis",
    "sw": "kicheko anacheka kikohozi anakohoa kelele kimya muziki makofi",
    "vi": "cười ho thở dài hắt hơi khóc ồn tiếng tạp âm im lặng nhạc vỗ tay",
    "th": "หัวเราะ เสียงหัวเราะ ไอ เสียงไอ ถอนหายใจ จาม หายใจ เสียงรบกวน เสียงดัง เงียบ ดนตรี เสียงดนตรี"
    " ปรบมือ เสียงปรบมือ",
    "lo": "ຫົວ ສຽງຫົວ ໄອ ສຽງລົບກວນ ດົນຕີ ຕົບມື",
    "km": "សើច ក្អក សំឡេង តន្ត្រី ទះដៃ",
    "my": "ရယ်သံ ချောင်းဆိုးသံ ဆူညံသံ တေးဂီတ လက်ခုပ်သံ",
    "cmn": "笑 笑声 笑聲 大笑 轻笑 哄笑 众笑 咳 咳嗽 咳嗽声 咳嗽聲 清嗓子 叹气 嘆氣 叹息 喷嚏 噴嚏 打喷嚏"
    " 打噴嚏 呼吸 呼吸声 呼吸聲 喘气 吸气 哈欠 打哈欠 哭 哭声 哭聲 噪音 噪声 噪聲 杂音 雜音 背景"
    " 背景音 背景声 背景噪音 背景音乐 背景音樂 静音 靜音 沉默 停顿 停頓 音乐 音樂 掌声 掌聲 鼓掌"
    " 听不清 聽不清 不清楚 敲门声 铃声 鈴聲",
    "ja": "笑 笑い 笑い声 爆笑 苦笑 咳 咳払い せき せきばらい くしゃみ ため息 溜息 息 息継ぎ 呼吸 呼吸音"
    " あくび 泣き声 雑音 騒音 ノイズ 物音 背景音 無音 沈黙 間 ポーズ 音楽 拍手 舌打ち 聞き取れず"
    " 聞き取り不能 聞き取れない 聞き取れません"
    " 笑いながら 聞取不能 不明 笑う 泣く",
    "am": "ሳቅ ይስቃል ሳል ይስላል ጩኸት ጫጫታ ዝምታ ሙዚቃ ጭብጨባ",
    "uz": "kulgi kuladi yo'tal shovqin sukunat musiqa qarsak xo'rsinish",
    "tl": "tawa tumatawa ubo umuubo ingay katahimikan musika palakpak buntong-hininga",
    "mn": "инээд инээх инээнэ ханиалга ханиах чимээ чимээгүй хөгжим алга",
    "pa": "ਹਾਸਾ ਖੰਘ ਸ਼ੋਰ ਚੁੱਪ ਸੰਗੀਤ ਤਾੜੀਆਂ",
    "si": "සිනහව සිනහ කැස්ස ශබ්දය නිශ්ශබ්දතාව සංගීතය",
    "af": "lag lagend hoes sug asem geraas stilte musiek applous",
    "eo": "rido ridas tuso tusas bruo silento muziko aplaŭdo",
    "ko": "웃음 웃음소리 웃는 웃으며 웃으면서 기침 기침소리 한숨 재채기 하품 숨소리 호흡 울음 잡음 소음"
    " 배경음 배경소음 침묵 정적 묵음 음악 박수 박수소리 불명 불분명",
}
SHARED = {"nb": "no", "nn": "no", "bs": "hr", "yue": "cmn", "zh": "cmn", "ms": "id"}
FILLERS = (  # sounds of hesitation in English
    "uh um eh er erm hm hmm mm mhm ah"
)
BESIDES = (  # words that go with those of noises: how, whose, of what, where
    "loud loudly soft softly quiet quietly short long heavy heavily deep deeply light lightly"
    " slightly faint nervous nervously door phone telephone mobile car traffic dog baby child children"
    " man men woman women people audience speaker paper keyboard mouse mic microphone wind lip lips"
    " clears clearing clear foreign other outside heard human non speech voice voices end start of in"
    " the a an on at to from with and into over laut leise kurz lang im der die das des dem den von"
    " mit bei und sich tür telefon hintergrund op de het een van met en zich achtergrond deur telefoon"
    " i på ett med och bakgrunden baggrunden bakgrunnen fort forte doucement du le la les un une fond"
    " gorge dans et se porte téléphone fuerte fuertes el los las del al una con y fondo puerta"
    " teléfono ruidosa ambiente alto baixo do da dos um uma com ao porta il lo gli di della dei"
    " sottofondo e piano schiarisce voce gola się w tle z v pozadí na pozadini громко тихо громкий на"
    " в с фоне гучно тлі στο φόντο arka plan pe fundal both"
    " all everyone public publikum público pubblico fades"
    " plays playing"
)
ARTICLES = (  # what begins with one is a phrase that may be said
    "the a an der die das een de het le la les un une el los las il lo gli o os as"
)
MOST_WORDS = 5  # of a remark


def is_noise(content: str, languages: Collection[str]) -> bool:
    """Whether all that stands between brackets names noises, in words of these languages."""
    words = normalise(content.replace("_", " ")).split()
    if not 0 < len(words) <= MOST_WORDS:
        return False
    known = noise_words(*sorted({_own(code) for code in languages} & NOISES.keys()))
    if any(map(is_unspaced, words[0])):
        return bool(_joined(known).fullmatch("".join(words)))
    if words[0] in ARTICLES.split() or known.isdisjoint(words):
        return False
    return known.union(BESIDES.split()).issuperset(words)


def is_filler(content: str) -> bool:
    """Whether what stands between brackets are sounds of hesitation, noises beside them, in English."""
    words, fillers = normalise(content.replace("_", " ")).split(), set(FILLERS.split())
    return not fillers.isdisjoint(words) and fillers.union(noise_words(ENGLISH)).issuperset(words)


@lru_cache(maxsize=128)
def noise_words(*languages: str) -> frozenset[str]:
    """The words for noises of these languages, as transcripts are written; of all languages for none."""
    codes = languages or tuple(NOISES)
    return frozenset(chain.from_iterable(normalise(NOISES[code]).split() for code in codes))


@lru_cache(maxsize=128)
def _joined(known: frozenset[str]) -> re.Pattern[str]:
    words = sorted(filter(None, known), key=len, reverse=True)
    return re.compile(f"(?:{'|'.join(map(re.escape, words))})+")


def _own(code: str) -> str:
    code = code.split("-")[0]
    return SHARED.get(code, code)
