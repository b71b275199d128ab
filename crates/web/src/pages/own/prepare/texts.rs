//! The words of the preparation page, in the languages of decision 94. Short sentences, formal, no jargon.

use domain::prepare::{Language, Question};

/// The words of one language.
pub struct Texts {
    /// The language in its own words.
    pub own_name: &'static str,
    /// Heading.
    pub title: &'static str,
    /// What the page is for.
    pub intro: &'static str,
    /// That nothing here is a decision, and who reads it.
    pub no_decision: &'static str,
    /// For a representative.
    pub for_another: &'static str,
    /// Label of the choice of a language.
    pub language: &'static str,
    /// Button that keeps.
    pub keep: &'static str,
    /// It was kept.
    pub kept: &'static str,
    /// It was not kept, and why.
    pub not_kept: &'static str,
    /// Link to the page to print.
    pub print: &'static str,
    /// An answer is too long.
    pub too_long: &'static str,
    /// Kept on another device meanwhile.
    pub elsewhere: &'static str,
    /// Nothing was answered to a question.
    pub nothing: &'static str,
    questions: [(&'static str, &'static str); 6],
}

impl Texts {
    /// A question and what helps to answer it.
    pub fn question(&self, question: Question) -> (&'static str, &'static str) {
        match question {
            Question::Matters => self.questions[0],
            Question::Worries => self.questions[1],
            Question::Care => self.questions[2],
            Question::Speaks => self.questions[3],
            Question::Present => self.questions[4],
            Question::Ask => self.questions[5],
        }
    }
}

/// Which way a language is written.
pub fn direction(language: Language) -> &'static str {
    if language == Language::Arabic { "rtl" } else { "ltr" }
}

/// The words of a language.
pub fn texts(language: Language) -> &'static Texts {
    match language {
        Language::Dutch => &DUTCH,
        Language::English => &ENGLISH,
        Language::German => &GERMAN,
        Language::Turkish => &TURKISH,
        Language::Arabic => &ARABIC,
        Language::Polish => &POLISH,
        Language::Chinese => &CHINESE,
    }
}

static DUTCH: Texts = Texts {
    own_name: "Nederlands",
    title: "Voorbereiden op het gesprek",
    intro: "Denk rustig na over deze vragen. U hoeft niet alles te beantwoorden. U kunt stoppen en later verdergaan.",
    no_decision: "Wat u hier schrijft, is nog geen afspraak. Uw zorgverlener leest het en praat er met u over.",
    for_another: "U schrijft dit voor iemand anders. Schrijf op wat hij of zij zelf belangrijk vindt.",
    language: "Taal",
    keep: "Bewaar",
    kept: "Bewaard.",
    not_kept: "Niet bewaard. Uw tekst staat nog op deze pagina. Probeer het opnieuw.",
    print: "Bekijk wat u schreef, om af te drukken",
    too_long: "Deze tekst is te lang. Gebruik hoogstens 3000 tekens.",
    elsewhere: "U veranderde dit ook op een ander apparaat. Beide teksten staan hieronder. Maak er één tekst van en bewaar opnieuw.",
    nothing: "Nog niets ingevuld",
    questions: [
        ("Wat is belangrijk in uw leven?", "Bijvoorbeeld mensen, geloof, of wat u graag doet."),
        ("Waar maakt u zich zorgen over?", "Bijvoorbeeld over pijn, over thuis of over uw familie."),
        ("Welke zorg wilt u wel, en welke zorg wilt u niet?", "Bijvoorbeeld in het ziekenhuis, of juist thuis."),
        ("Wie mag voor u praten als u dat zelf niet kunt?", "Schrijf de naam en het telefoonnummer op."),
        ("Wie wilt u bij het gesprek hebben?", ""),
        ("Wat wilt u vragen?", ""),
    ],
};

static ENGLISH: Texts = Texts {
    own_name: "English",
    title: "Prepare for the conversation",
    intro: "Take your time to think about these questions. You do not have to answer them all. You can stop and continue later.",
    no_decision: "What you write here is not an agreement yet. Your care provider reads it and talks with you about it.",
    for_another: "You are writing this for someone else. Write down what matters to them.",
    language: "Language",
    keep: "Save",
    kept: "Saved.",
    not_kept: "Not saved. Your text is still on this page. Please try again.",
    print: "See what you wrote, to print it",
    too_long: "This text is too long. Use at most 3000 characters.",
    elsewhere: "You also changed this on another device. Both texts are below. Make them into one text and save again.",
    nothing: "Nothing written yet",
    questions: [
        ("What is important in your life?", "For example people, faith, or things you like to do."),
        ("What are you worried about?", "For example pain, your home or your family."),
        ("Which care do you want, and which care do you not want?", "For example in hospital, or rather at home."),
        ("Who may speak for you if you cannot?", "Write down the name and phone number."),
        ("Who do you want to be there at the conversation?", ""),
        ("What would you like to ask?", ""),
    ],
};

static GERMAN: Texts = Texts {
    own_name: "Deutsch",
    title: "Auf das Gespräch vorbereiten",
    intro: "Denken Sie in Ruhe über diese Fragen nach. Sie müssen nicht alle beantworten. Sie können aufhören und später weitermachen.",
    no_decision: "Was Sie hier schreiben, ist noch keine Vereinbarung. Ihre Ärztin, Ihr Arzt oder Ihre Pflegekraft liest es und spricht mit Ihnen darüber.",
    for_another: "Sie schreiben dies für jemand anderen. Schreiben Sie auf, was dieser Person selbst wichtig ist.",
    language: "Sprache",
    keep: "Speichern",
    kept: "Gespeichert.",
    not_kept: "Nicht gespeichert. Ihr Text steht noch auf dieser Seite. Bitte versuchen Sie es noch einmal.",
    print: "Ansehen, was Sie geschrieben haben, zum Ausdrucken",
    too_long: "Dieser Text ist zu lang. Höchstens 3000 Zeichen sind möglich.",
    elsewhere: "Sie haben dies auch auf einem anderen Gerät geändert. Beide Texte stehen unten. Machen Sie daraus einen Text und speichern Sie noch einmal.",
    nothing: "Noch nichts geschrieben",
    questions: [
        ("Was ist Ihnen im Leben wichtig?", "Zum Beispiel Menschen, der Glaube oder was Sie gern tun."),
        ("Worüber machen Sie sich Sorgen?", "Zum Beispiel über Schmerzen, Ihr Zuhause oder Ihre Familie."),
        ("Welche Versorgung möchten Sie, und welche nicht?", "Zum Beispiel im Krankenhaus oder lieber zu Hause."),
        ("Wer darf für Sie sprechen, wenn Sie es selbst nicht können?", "Schreiben Sie Namen und Telefonnummer auf."),
        ("Wer soll beim Gespräch dabei sein?", ""),
        ("Was möchten Sie fragen?", ""),
    ],
};

static TURKISH: Texts = Texts {
    own_name: "Türkçe",
    title: "Görüşmeye hazırlanın",
    intro: "Bu soruları rahatça düşünün. Hepsini cevaplamanız gerekmez. Bırakıp daha sonra devam edebilirsiniz.",
    no_decision: "Buraya yazdıklarınız henüz bir karar değildir. Sağlık görevliniz bunları okur ve sizinle konuşur.",
    for_another: "Bunu başka biri için yazıyorsunuz. Onun kendisi için önemli olanı yazın.",
    language: "Dil",
    keep: "Kaydet",
    kept: "Kaydedildi.",
    not_kept: "Kaydedilmedi. Metniniz hâlâ bu sayfada. Lütfen tekrar deneyin.",
    print: "Yazdıklarınızı yazdırmak için görüntüleyin",
    too_long: "Bu metin çok uzun. En fazla 3000 karakter kullanın.",
    elsewhere: "Bunu başka bir cihazda da değiştirdiniz. İki metin de aşağıda. Bunları tek metin yapın ve tekrar kaydedin.",
    nothing: "Henüz bir şey yazılmadı",
    questions: [
        ("Hayatınızda sizin için önemli olan nedir?", "Örneğin insanlar, inanç veya yapmayı sevdiğiniz şeyler."),
        ("Sizi endişelendiren nedir?", "Örneğin ağrı, eviniz veya aileniz."),
        ("Hangi bakımı istiyorsunuz, hangisini istemiyorsunuz?", "Örneğin hastanede ya da evde."),
        ("Siz konuşamazsanız sizin adınıza kim konuşabilir?", "Adını ve telefon numarasını yazın."),
        ("Görüşmede kimin yanınızda olmasını istersiniz?", ""),
        ("Ne sormak istersiniz?", ""),
    ],
};

static ARABIC: Texts = Texts {
    own_name: "العربية",
    title: "الاستعداد للمحادثة",
    intro: "فكّر بهدوء في هذه الأسئلة. ليس عليك أن تجيب عنها كلها. يمكنك التوقف والمتابعة لاحقًا.",
    no_decision: "ما تكتبه هنا ليس اتفاقًا بعد. يقرؤه مقدّم الرعاية الخاص بك ويتحدث معك عنه.",
    for_another: "أنت تكتب هذا نيابةً عن شخص آخر. اكتب ما هو مهم لهذا الشخص نفسه.",
    language: "اللغة",
    keep: "احفظ",
    kept: "تم الحفظ.",
    not_kept: "لم يتم الحفظ. ما زال نصّك في هذه الصفحة. حاول مرة أخرى.",
    print: "اعرض ما كتبته لطباعته",
    too_long: "هذا النص طويل جدًا. استخدم 3000 حرف على الأكثر.",
    elsewhere: "غيّرتَ هذا أيضًا على جهاز آخر. النصّان أدناه. اجعلهما نصًا واحدًا ثم احفظ مرة أخرى.",
    nothing: "لم يُكتب شيء بعد",
    questions: [
        ("ما المهم في حياتك؟", "مثلًا أشخاص، أو الإيمان، أو ما تحب أن تفعله."),
        ("ما الذي يقلقك؟", "مثلًا الألم أو بيتك أو عائلتك."),
        ("ما الرعاية التي تريدها، وما التي لا تريدها؟", "مثلًا في المستشفى، أو في البيت."),
        ("من يمكنه أن يتحدث نيابةً عنك إذا لم تستطع أنت؟", "اكتب الاسم ورقم الهاتف."),
        ("من تريد أن يكون حاضرًا في المحادثة؟", ""),
        ("ماذا تريد أن تسأل؟", ""),
    ],
};

static POLISH: Texts = Texts {
    own_name: "Polski",
    title: "Przygotowanie do rozmowy",
    intro: "Proszę spokojnie zastanowić się nad tymi pytaniami. Nie trzeba odpowiadać na wszystkie. Można przerwać i wrócić później.",
    no_decision: "To, co Pan/Pani tu napisze, nie jest jeszcze ustaleniem. Opiekun medyczny to przeczyta i porozmawia o tym z Panem/Panią.",
    for_another: "Pisze Pan/Pani to za kogoś innego. Proszę napisać, co jest ważne dla tej osoby.",
    language: "Język",
    keep: "Zapisz",
    kept: "Zapisano.",
    not_kept: "Nie zapisano. Tekst jest nadal na tej stronie. Proszę spróbować ponownie.",
    print: "Zobacz, co napisano, aby wydrukować",
    too_long: "Ten tekst jest za długi. Można użyć najwyżej 3000 znaków.",
    elsewhere: "To zostało zmienione także na innym urządzeniu. Oba teksty są poniżej. Proszę zrobić z nich jeden tekst i zapisać ponownie.",
    nothing: "Jeszcze nic nie napisano",
    questions: [
        ("Co jest ważne w Pana/Pani życiu?", "Na przykład ludzie, wiara lub to, co lubi Pan/Pani robić."),
        ("O co się Pan/Pani martwi?", "Na przykład o ból, dom lub rodzinę."),
        ("Jakiej opieki Pan/Pani chce, a jakiej nie?", "Na przykład w szpitalu albo raczej w domu."),
        (
            "Kto może mówić w Pana/Pani imieniu, jeśli Pan/Pani nie będzie mógł/mogła?",
            "Proszę wpisać imię, nazwisko i numer telefonu.",
        ),
        ("Kto ma być przy rozmowie?", ""),
        ("O co chce Pan/Pani zapytać?", ""),
    ],
};

static CHINESE: Texts = Texts {
    own_name: "中文",
    title: "为谈话做准备",
    intro: "请慢慢考虑这些问题。您不必回答所有问题。您可以停下来，以后再继续。",
    no_decision: "您在这里写的内容还不是约定。您的医护人员会阅读，并与您谈一谈。",
    for_another: "您在为另一个人填写。请写下对他或她本人重要的事。",
    language: "语言",
    keep: "保存",
    kept: "已保存。",
    not_kept: "没有保存。您的文字仍在本页。请再试一次。",
    print: "查看您写的内容并打印",
    too_long: "这段文字太长。最多可用3000个字符。",
    elsewhere: "您在另一台设备上也改过。两段文字都在下面。请合成一段，然后再次保存。",
    nothing: "还没有写",
    questions: [
        ("您生活中什么是重要的？", "例如家人朋友、信仰，或您喜欢做的事。"),
        ("您担心什么？", "例如疼痛、住处或家人。"),
        ("您想要什么样的照护？不想要什么样的？", "例如在医院，或者在家里。"),
        ("如果您自己不能表达，谁可以代您说话？", "请写下姓名和电话号码。"),
        ("您希望谁参加谈话？", ""),
        ("您想问什么？", ""),
    ],
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_language_says_everything_in_its_own_words() {
        for language in Language::ALL {
            let own = texts(*language);
            for question in Question::ALL {
                assert!(own.question(*question).0.chars().count() > 5, "{language:?}");
            }
            assert!(own.too_long.contains("3000"), "{language:?}");
            for other in Language::ALL.iter().filter(|other| *other != language) {
                assert_ne!(
                    (own.title, own.intro, own.kept),
                    (texts(*other).title, texts(*other).intro, texts(*other).kept)
                );
            }
        }
        assert_eq!(domain::prepare::LONGEST, 3_000, "the texts name it");
    }
}
