//! Surnames that are written like a more common word: 余 beside 餘, 于 beside 於, 范 beside 範.
//!
//! A converter that knows no names writes the word. A title after the surname makes a word of the lists; here it is
//! what stands before a name, and the shape of a name between two pauses. Everything here is in representatives, so one list serves
//! both scripts and every damaged spelling.

/// What is never a surname where it stands for one, so that even clean text is corrected after a title.
pub(super) fn is_never_a_surname(c: char) -> bool {
    matches!(c, '餘' | '範' | '遊' | '薑' | '穀' | '嶽' | '鬱')
}

/// Surname, its Traditional form, and whether the form that is not the name is so common that a name's shape
/// alone does not do.
static SURNAMES: &[(char, char, bool)] = &[
    ('余', '余', false),
    ('范', '范', false),
    ('钟', '鍾', false),
    ('游', '游', false),
    ('于', '于', true),
    ('郁', '郁', false),
    ('岳', '岳', false),
    ('姜', '姜', false),
    ('沈', '沈', false),
    ('谷', '谷', false),
    ('卜', '卜', false),
    ('仇', '仇', false),
    ('朴', '朴', false),
    ('涂', '涂', false),
    ('郄', '郄', false),
];

/// The surnames that most people have.
static COMMON: &str = "王李张刘陈杨黄赵吴徐孙朱郭罗郑谢宋韩冯邓曹彭肖董袁潘蔡蒋魏苏吕卢姚沈谭范贾邹秦邱侯薛阎贺郝龚邵许钱崔廖戴尹";

/// More of them, which are words as well.
static MORE: &str =
    "林何高梁唐叶周胡马曾程方任江史段雷汤施洪温庄简詹翁柯卓康凌傅丁白石龙万乔文余游钟姜于范";

/// Whether the character at `at` ends what looks like a name: a surname before it, or one character further.
pub(super) fn ends_a_name(reps: &[char], at: usize) -> bool {
    let surname = |back: usize| at >= back && COMMON.contains(reps[at - back]);
    let closes = |to: usize| reps.get(to).is_none_or(|&c| AFTER.contains(c));
    surname(1) && (closes(at + 1) || closes(at + 2)) || surname(2) && closes(at + 1)
}

/// Whether the character before, or the one before that, is a surname.
pub(super) fn may_be_a_name(before: Option<char>, further: Option<char>) -> bool {
    [before, further]
        .iter()
        .flatten()
        .any(|&c| COMMON.contains(c))
}

/// What stands before a name.
static BEFORE: &[&str] = &[
    "左投",
    "右投",
    "捕手",
    "先发",
    "终结者",
    "名将",
    "大使",
    "台长",
    "馆长",
    "园长",
    "所长",
    "班长",
    "连长",
    "团长",
    "师长",
    "军长",
    "总教练",
    "店员",
    "员工",
    "居民",
    "村民",
    "市民",
    "民众",
    "学生",
    "导师",
    "大师",
    "法师",
    "女星",
    "男星",
    "影星",
    "歌星",
    "球星",
    "姓",
    "记者",
    "教授",
    "主任",
    "经理",
    "先生",
    "女士",
    "董事长",
    "总裁",
    "局长",
    "校长",
    "市长",
    "县长",
    "部长",
    "总统",
    "主席",
    "议员",
    "委员",
    "律师",
    "法官",
    "队长",
    "教练",
    "导演",
    "同学",
    "博士",
    "作家",
    "诗人",
    "歌手",
    "演员",
    "画家",
    "学者",
    "院长",
    "处长",
    "科长",
    "组长",
    "站长",
    "村长",
    "镇长",
    "乡长",
    "车长",
    "司机",
    "球员",
    "选手",
    "投手",
    "负责人",
    "创办人",
    "发言人",
    "名叫",
    "叫做",
    "店长",
    "厂长",
    "老师",
    "医师",
    "医生",
    "护士",
    "警员",
    "少女",
    "女儿",
    "儿子",
    "孙女",
    "丈夫",
    "妻子",
    "书记",
    "秘书",
    "专家",
    "工程师",
    "研究员",
    "理事长",
    "代表",
    "将军",
    "名将",
    "大将",
    "区长",
    "里长",
    "议长",
    "省长",
    "州长",
    "总理",
    "首相",
    "助理",
    "顾问",
    "老板",
    "同事",
    "队友",
    "主播",
    "主持人",
    "设计师",
    "建筑师",
    "摄影师",
    "厨师",
    "主厨",
    "会长",
    "社长",
    "理事",
    "监事",
    "检察官",
    "消防员",
    "志工",
    "义工",
    "店主",
    "农民",
    "渔民",
    "老人",
    "茶农",
    "果农",
    "师傅",
    "船长",
    "机长",
    "列车长",
    "警官",
    "打者",
    "游击手",
    "前锋",
    "中锋",
    "后卫",
    "门将",
    "棋手",
    "棋士",
    "得主",
    "创始人",
    "执行长",
    "总监",
    "编辑",
    "作者",
    "译者",
    "编剧",
    "制作人",
    "词人",
    "宰相",
    "丞相",
    "将领",
    "大臣",
    "太守",
    "刺史",
    "名医",
    "名士",
    "书生",
    "学徒",
    "徒弟",
    "邻居",
    "乘客",
    "旅客",
    "游客",
    "顾客",
    "病人",
    "患者",
    "被告",
    "原告",
    "嫌犯",
    "证人",
    "当事人",
    "业者",
    "组员",
    "成员",
    "同志",
    "妹妹",
    "哥哥",
    "弟弟",
    "姐姐",
    "孙子",
    "祖父",
    "父亲",
    "母亲",
    "表哥",
    "堂弟",
    "董事",
    "研究生",
    "大学生",
    "指导",
    "副手",
    "主编",
    "馆员",
    "志愿者",
    "社工",
    "牧师",
    "神父",
    "住持",
    "庙祝",
    "小说家",
    "书法家",
    "音乐家",
    "科学家",
    "企业家",
    "艺术家",
    "创作者",
    "总编辑",
    "护理师",
    "药师",
    "农友",
    "山友",
    "队员",
    "研究生",
    "候选人",
    "召集人",
    "主委",
    "执行秘书",
    "署长",
    "司长",
    "次长",
    "副总",
    "协理",
    "业主",
    "屋主",
    "房东",
    "大厨",
    "师姐",
    "师兄",
    "大队长",
    "分队长",
    "小队长",
    "中队长",
];

/// Characters that given names are made of.
static GIVEN: &str = "伟芳娜秀敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英华文辉玲红建国志宏俊峰浩然宇轩子涵欣怡佳琪梓雨泽晨思源嘉豪家\
瑞雪梅兰竹菊春夏秋冬松柏林森海江河波清洁淑贞惠美珍珠玉琼瑶婷婉莹莉萍萱蓉薇蕾芬芸茜荣蔚蓝天云龙虎凤鹏飞翔鸿燕雁鹤鸣斌彬武威\
振兴盛昌隆富贵财宝金银铜铁钢铭锋锐钧钊鑫焱炎灿烨煜炜焕照旭昊晓晖晗昕景智慧哲睿聪颖颐达通远航行健康宁安泰和谐顺祥福禄寿喜\
乐欢悦怀恩德义仁礼信忠孝诚善良贤能才学书诗词琴棋画墨翰章维伦纪纲常经典正直方圆光亮彤丹青紫翠碧绿黄白素雅倩巧妙姗姿妍媛嫣嫦\
娥妮婕婧嬿君卿士民少小大中宗祖祐佑佐辅弼承启绍继述扬益增长永恒久远成功立业胜凯旋尚有为之若如心念冠廷柏翰彦承恩政道邦治理栋樑梁\
庭筠妤雯慈亭儒璇瑜蓁芷榕芯语晴歆宁勋毅凯谦霖钰锜铨炫煌焜熙禾秉昱晏旻杉柔桓楷榆毓沛沁泓淇淳渊滢潇澄玮珊珮琳琦琬瑄璟皓盈硕禹筑筱纬纶绮翊翎芃茵茹莎菁菲\
蔓薰裕诠誉豫辰逸郁采锦霈靖韵颢馨骏麒齐添旺雄吉钦堂山川坤炳标树贤耀荣源洲洋舟帆晟星伦伶俐俞倩\
";

/// What follows a whole name.
static AFTER: &str = "死卒薨要呼希赞批质今昨获得赢输执打投接跑掌领率任住吃写画唱开收买卖说表示是在的和与及则曾就将把被对向从也都还以为坦透指认强提介告先回今昨当又却已便才不没有来去笑问答道想看走站坐拿带给让叫、上下本仍再可能则已并当因首先目其这此那为教喝听哭跪倒逃飞跳伤";

/// The low twelve bits of the characters that end what stands before a name: only after these are the words
/// compared.
static BEFORE_ENDS: [u64; 64] = {
    let mut ends = [0; 64];
    let mut i = 0;
    while i < BEFORE.len() {
        let bytes = BEFORE[i].as_bytes();
        let last = [bytes[bytes.len() - 2], bytes[bytes.len() - 1]];
        let bits = (last[0] as usize & 63) << 6 | last[1] as usize & 63;
        ends[bits / 64] |= 1 << (bits % 64);
        i += 1;
    }
    ends
};

/// Whether the end of `keys` is what stands before a name.
fn introduces(keys: &[char]) -> bool {
    let Some(&last) = keys.last() else {
        return false;
    };
    let bits = (u32::from(last) & 0xfff) as usize;
    BEFORE_ENDS[bits / 64] >> (bits % 64) & 1 != 0
        && BEFORE.iter().any(|word| {
            let mut keys = keys.iter().rev();
            word.chars().rev().all(|c| keys.next() == Some(&c))
        })
}

/// Whether a representative is one of the surnames.
pub(super) fn is_surname(rep: char) -> bool {
    SURNAMES.iter().any(|entry| entry.0 == rep)
}

/// A surname as it is read in a run.
pub(super) struct Surname {
    /// Its Traditional form.
    pub form: char,
    /// How many characters of a given name follow.
    pub given: usize,
    /// Whether a title or the like stands before it.
    pub introduced: bool,
}

/// The surname at `at` of a run of representatives, if the character is read as one.
///
/// `is_word` tells whether two representatives are a common word.
pub(super) fn surname(
    keys: &[char],
    at: usize,
    is_word: impl Fn(&[char]) -> bool,
) -> Option<Surname> {
    let &(_, form, common) = SURNAMES.iter().find(|entry| entry.0 == keys[at])?;
    let (before, after) = (&keys[..at], &keys[at + 1..]);
    if before
        .last()
        .is_some_and(|&last| is_word(&[last, keys[at]]))
    {
        return None;
    }
    let introduced = introduces(before);
    if !introduced && !before.is_empty() {
        // Nothing introduces it: two characters that names are made of, that are no word, and then a pause.
        let given = !common
            && after.len() >= 2
            && after[..2].iter().all(|c| GIVEN.contains(*c))
            && !is_word(&after[..2])
            && (after.len() == 2 || AFTER.contains(after[2]));
        return given.then_some(Surname {
            form,
            given: 2,
            introduced,
        });
    }
    let names = |given: usize| after[..given].iter().all(|c| GIVEN.contains(*c));
    // Two characters that names are made of are likelier one name than a name and what follows it.
    let two = introduced && after.len() >= 2 && names(2);
    for given in if two { [2, 1] } else { [1, 2] } {
        if after.len() < given
            || given == 2 && is_word(&after[..2]) && !(introduced && names(given))
        {
            continue;
        }
        let closes = after.len() == given
            || AFTER.contains(after[given]) && !is_word(&after[given - 1..=given])
            || introduced && given == 2 && names(given);
        if closes
            && (!common || introduced || before.is_empty() && after.len() == given && given == 2)
        {
            return Some(Surname {
                form,
                given,
                introduced,
            });
        }
    }
    None
}

/// Characters whose form in given names is not the usual one, and that form.
static IN_GIVEN: &[(char, char)] = &[
    ('于', '于'),
    ('采', '采'),
    ('里', '里'),
    ('余', '余'),
    ('范', '范'),
    ('松', '松'),
    ('周', '周'),
    ('郁', '郁'),
];

/// Whether given names write the character otherwise than words do.
pub(super) fn is_in_given(rep: char) -> bool {
    IN_GIVEN.iter().any(|entry| entry.0 == rep)
}

/// The Traditional form of a character of a given name at `at`: after a surname that something introduces or that
/// begins the run, and where the name then ends.
pub(super) fn in_given(
    keys: &[char],
    at: usize,
    is_word: impl Fn(&[char]) -> bool,
) -> Option<char> {
    let &(_, form) = IN_GIVEN.iter().find(|entry| entry.0 == keys[at])?;
    let after = &keys[at + 1..];
    for back in 1..=2 {
        let Some(first) = at.checked_sub(back) else {
            break;
        };
        let surname = COMMON.contains(keys[first]) || MORE.contains(keys[first]);
        if !surname || is_word(&keys[first..first + 2]) {
            continue;
        }
        let more = 2 - back;
        let closes = |given: usize| {
            after.len() == given || after.len() > given && AFTER.contains(after[given])
        };
        let named = (0..=more).any(|given| {
            closes(given)
                && (given == 0 || GIVEN.contains(after[0]) && !is_word(&[keys[at], after[0]]))
        });
        let introduced = introduces(&keys[..first]);
        if named
            && (introduced
                || first == 0
                    && (back == 2 || more == 1 && !after.is_empty() && GIVEN.contains(after[0])))
        {
            return Some(form);
        }
    }
    None
}
