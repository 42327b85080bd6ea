"""Articles that report no incident, whatever words of war they use, and those that do, whatever else they speak of."""

from datetime import date

import pytest

from include.extract.article import extract_article
from include.extract.frames import frame_of


def main_events(title, text, published):
    article = {"title": title, "text": text, "published_on": date.fromisoformat(published)}
    reports = extract_article(article).reports
    return [r for r in reports if r["mention_role"] == "main_event"]


@pytest.mark.parametrize(
    "title, text, published",
    [
        (
            "Bulls slay Dragons in triple overtime",
            "The Bulls needed three overtimes on Saturday to put away the Dragons 121-118. Guard Marcus Bell had "
            "41 points, and two of his teammates were hurt in the fourth quarter. Coach Lee Farrow said his bench "
            "had been killed by fouls.",
            "2022-11-13",
        ),
        (
            "Sri Lanka bowlers destroy Zimbabwe",
            "Left-arm spinner Dilan Perera took six wickets as Sri Lanka bowled out Zimbabwe for 97 in Colombo on "
            "Friday. Two batsmen retired hurt after being struck by short balls. The tourists lost their last "
            "five men for 11 runs.",
            "2021-01-16",
        ),
        (
            "Boxer knocked unconscious in title bout",
            "Challenger Ray Dunn was knocked out in the seventh round on Saturday in Las Vegas and taken to "
            "hospital with a head injury. The champion, who has ended 22 of 24 bouts early, said he had 'come to "
            "kill'.",
            "2019-09-01",
        ),
        (
            "Crash takes out four riders on stage nine",
            "Four riders were injured in a mass pile-up 12 km from the finish of stage nine on Sunday; two broke "
            "their collarbones. The peloton was going at 60 km/h when the sprinter's team attacked.",
            "2024-07-08",
        ),
        (
            "Gaming: Nightfall wipe out Phoenix Squad in Katowice",
            "Nightfall wiped out Phoenix Squad 3-0 in the grand final on Sunday before 11,000 fans. Their sniper "
            "took 31 kills on the last map, while Phoenix lost five players within a minute.",
            "2023-02-13",
        ),
        (
            "Television: 'The Bridge at Dawn' ends with a bang",
            "In the finale of the war drama, broadcast on Sunday, Captain Reyes and eleven of his men are killed "
            "when the bridge is blown up. Viewers took to social media to mourn. The third season was seen by 4 "
            "million people.",
            "2022-05-02",
        ),
        (
            "Novel of a massacre wins Dublin prize",
            "Marta Kovac won the Dublin literary prize on Thursday for a novel in which soldiers shoot 40 "
            "villagers. The jury praised the book's restraint. Kovac, 51, lives in Graz.",
            "2021-05-21",
        ),
        (
            "At the museum: a canvas of 1814",
            "The newly restored painting shows the night on which the general had 43 men shot. Visitors can see "
            "it until March. The museum paid 2 million euros for the restoration, which took three years.",
            "2020-01-10",
        ),
        (
            "Musical brings the siege to the stage",
            "Halfway through the new musical at the Royal Theatre, a shell falls on a queue for bread and 16 "
            "dancers sink to the floor, dead. The songs are by Ivo Maric. Tickets cost from 30 pounds.",
            "2019-11-02",
        ),
        (
            "Game review: Iron Dawn II",
            "Within the first ten minutes of Iron Dawn II you have shot thirty guards and blown up a train. The "
            "graphics are stunning, the story less so. Out now on PC.",
            "2022-10-30",
        ),
        (
            "Homicides down in the capital",
            "Police recorded 312 killings in the capital in the first eight months of the year, 40 fewer than in "
            "the same period of 2020, figures showed on Tuesday. Most victims were men under 30.",
            "2021-09-08",
        ),
        (
            "Guns kill more children than cars, study finds",
            "Firearms killed 4,357 children and teenagers in the United States in 2020, according to a study "
            "published in a medical journal on Wednesday. Car crashes killed 3,900.",
            "2022-04-21",
        ),
        (
            "Road deaths rise again",
            "Nearly 1,400 people died on the country's roads last year, the transport ministry said on Monday, up "
            "from 1,200 in 2021. Another 9,000 were seriously injured.",
            "2023-01-09",
        ),
        (
            "Survey: one in five women hurt by partners",
            "One in five women in the region has been injured by a partner, according to a survey of 8,000 "
            "households released on Thursday. Thirty women were killed by their husbands in 2018.",
            "2019-11-22",
        ),
        (
            "Former colonel jailed for life over 1994 killings",
            "A Paris court sentenced a former colonel to life on Wednesday for his part in the killing of 800 "
            "people at a parish in 1994. He had denied all charges.",
            "2022-07-13",
        ),
        (
            "Mass grave from civil war opened",
            "Archaeologists have recovered the remains of 24 men shot in the first weeks of the civil war in 1936 "
            "from a mass grave near the cemetery wall, the town council said on Monday.",
            "2022-06-20",
        ),
        (
            "Obituary: Colonel Piet Vermeer, 1931-2021",
            "Colonel Piet Vermeer, who has died aged 90, won his medal in the war when he held a farm for two "
            "days against a company that had killed 19 of his men.",
            "2021-02-18",
        ),
        (
            "Minister apologises for 1972 shootings",
            "The minister apologised in parliament on Tuesday for the shooting dead of 13 demonstrators by "
            "soldiers in 1972, which he called unjustified. Relatives listened from the gallery.",
            "2010-06-16",
        ),
        (
            "Extradition of suspect in embassy bombing",
            "A man wanted for the 1998 bombing of an embassy, in which 200 people died, was extradited from South "
            "Africa on Friday, the justice ministry said.",
            "2021-03-12",
        ),
        (
            "Bus plunges into ravine in Nepal",
            "At least 14 people were killed and 28 injured when a bus plunged into a ravine in Dang district on "
            "Thursday night, officials said. The driver had lost control on a bend.",
            "2022-10-14",
        ),
        (
            "Heat kills 60 in Karachi",
            "At least 60 people have died of heatstroke in Karachi since Saturday, hospital officials said, as "
            "temperatures reached 44 degrees. The army set up relief camps.",
            "2018-05-22",
        ),
        (
            "Two killed as light plane goes down",
            "Two people were killed when a light aircraft went down in a field near Toowoomba on Saturday "
            "afternoon, police said. The cause was not known.",
            "2022-08-27",
        ),
        (
            "Hospital rehearses for the worst",
            "Sirens wailed on Wednesday as 45 'wounded' were carried into the university hospital: students with "
            "painted wounds who played the victims of a bombing. Fifteen were declared dead.",
            "2022-09-14",
        ),
        (
            "Border drill ends with river crossing",
            "In the final phase of the manoeuvres, the blue side lost a company and 60 men were declared killed "
            "by umpires before the river was crossed. The exercise cost 4 million euros.",
            "2021-06-17",
        ),
        (
            "Tech shares slaughtered",
            "Tech shares were slaughtered on Tuesday as yields rose; three chip makers lost a tenth of their "
            "value each. 'It was a massacre,' one trader said.",
            "2022-09-13",
        ),
        (
            "Layoffs: axe falls on 300 at Voltara",
            "Voltara is killing off two models and 300 jobs at its plant in Linz, the company said on Friday. "
            "Unions spoke of a stab in the back.",
            "2020-10-02",
        ),
    ],
)
def test_an_article_without_an_incident_has_no_main_event(title, text, published):
    assert main_events(title, text, published) == []


@pytest.mark.parametrize(
    "title, text, published",
    [
        (
            "Footballer killed in strike on Rafah",
            "A former striker of the national team was killed along with his two sons when an Israeli air strike "
            "hit their home in Rafah on Monday, the football association said. He had scored 28 goals in league "
            "matches for his club.",
            "2024-01-16",
        ),
        (
            "Gunmen attack stadium during match",
            "Gunmen opened fire on spectators at a league match in Maiduguri on Saturday, killing five fans and "
            "wounding two players, the police said. The referee stopped the match in the second half.",
            "2022-04-10",
        ),
        (
            "Bomb at theatre kills three",
            "Three actors were killed and eight members of the audience wounded when a bomb went off during the "
            "second act of a play at a theatre in Peshawar on Friday evening, police said.",
            "2010-06-12",
        ),
        (
            "Journalist who wrote novel on war shot dead",
            "Journalist and novelist Karim Haddad was shot dead outside his home in Basra on Tuesday by gunmen on "
            "a motorcycle, police said. His last book won a literary prize in 2019.",
            "2021-07-28",
        ),
        (
            "Court building bombed as trial opens",
            "At least 11 people were killed when a suicide bomber struck outside the court in Islamabad on "
            "Monday, where the trial of a militant leader had opened, officials said.",
            "2014-03-04",
        ),
        (
            "Deadliest week: 8 soldiers killed in Menaka",
            "Eight soldiers were killed in an ambush in Menaka on Sunday, the army said, in the deadliest week of "
            "the year for its troops. More than 300 have died since January.",
            "2022-03-21",
        ),
        (
            "Four killed as exercise camp is raided",
            "Four cadets were killed when insurgents raided a camp where the army was holding an exercise near "
            "Loikaw on Thursday, residents said.",
            "2022-02-18",
        ),
        (
            "Train derailed by bomb",
            "Six passengers were killed and 30 injured when a bomb derailed a train near Sibi on Sunday, railway "
            "officials said. The Baloch Liberation Army claimed the attack.",
            "2016-10-09",
        ),
        (
            "Shares fall after blast kills 20 in Istanbul",
            "Shares fell by 2 percent after two bombs killed 20 people in the centre of Istanbul on Sunday "
            "evening. Traders said investors would stay cautious; the governor spoke of terrorism.",
            "2017-01-02",
        ),
        (
            "Militants kill seven loggers",
            "Suspected Boko Haram militants slaughtered seven loggers in a forest near Jere on Friday, a militia "
            "member said. Last year, 300 loggers were killed in the region, according to a union.",
            "2022-05-29",
        ),
        (
            "Ship hit by missile in Red Sea",
            "Three sailors were killed and four injured when a missile fired by the Houthis hit a cargo ship off "
            "Aden on Wednesday, the US military said. The crew abandoned the vessel.",
            "2024-03-07",
        ),
        (
            "Artist dies in custody after beating",
            "A painter who was arrested at a protest in Minsk on Sunday died in hospital on Thursday after being "
            "beaten by police, his family said. His exhibition was to open next week.",
            "2020-11-12",
        ),
        (
            "Grandfather among 4 killed in drone strike on village",
            "A Russian drone killed four people in the village of Veletenske on Saturday, among them a "
            "71-year-old who had played chess for the Soviet Union, the governor said.",
            "2024-06-02",
        ),
        (
            "Film crew ambushed",
            "Two members of a film crew were killed when armed men ambushed their car in Kandahar on Tuesday, the "
            "governor's spokesman said. They had been shooting a documentary on schools.",
            "2012-05-16",
        ),
        (
            "Opening match overshadowed by car bomb",
            "A car bomb killed three police officers in Bogota on Thursday, hours before the opening match of the "
            "youth championship, the mayor said. Nobody claimed responsibility.",
            "2021-05-28",
        ),
        (
            "Minister's warning after market attack",
            "After gunmen killed 17 traders at a market in Zamfara on Saturday, the governor warned that more "
            "could die unless the army sent troops.",
            "2021-11-15",
        ),
    ],
)
def test_an_incident_is_told_whatever_else_the_article_speaks_of(title, text, published):
    assert main_events(title, text, published)


@pytest.mark.parametrize(
    "title, text, reason",
    [
        ("Falcons shoot down Hawks", "The Falcons beat the Hawks 3-1 in the play-offs; their goalie was hurt.", "sport"),
        ("Film review: Nine Dead", "The thriller, with an actor from Leeds, opens in cinemas on Friday.", "fiction"),
        ("Lawmakers kill bill", "The bill that would ban rifles fell by 40 votes.", "metaphor"),
        ("Mock attack at airport", "Volunteers played the victims of the drill on Friday.", "exercise"),
        ("Wreath for the dead of 1917", "A plaque and a monument recall the mutiny in 1917.", "history"),
    ],
)
def test_the_reason_says_what_kind_of_article_it_is(title, text, reason):
    assert frame_of(title, text).reason == reason


def test_news_is_of_none_of_these_kinds():
    assert frame_of("Two killed at league match", "Gunmen opened fire on fans at the stadium, police said.") is None
