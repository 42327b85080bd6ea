"""Who was killed and injured: counts, groups, parts, and what is not counted."""

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from include.datasets.catalogue import VICTIM_CLASSES
from include.extract.casualties import find_casualties, has_casualty
from include.extract.lexicon import load, reasons
from include.settings import COUNT_MODES

K, I, B = "killed", "injured", "casualties"  # noqa: E741


def figures(sentence: str, mode: str = "range") -> list[tuple]:
    """Per record: its measure and the bounds, one number where all three are the same."""
    records, _ = find_casualties(sentence, mode)
    bounds = [(c.measure, (c.quantity.low, c.quantity.best, c.quantity.high)) for c in records]
    return [(m, q[0] if len(set(q)) == 1 else q) for m, q in bounds]


def only(sentence: str):
    """The one record of a sentence."""
    records, _ = find_casualties(sentence)
    assert len(records) == 1, records
    return records[0]


def left_out(sentence: str) -> dict[str, str]:
    """Phrase -> reason of what was not counted."""
    return {n.phrase: n.reason for n in find_casualties(sentence)[1]}


CASES = {
    "what_a_massacre_is_named_after_is_a_place": [
        ("Rescuers counted 43 dead in the massacre of Tal Rifaat.", [(K, 43)]),
        ("The massacre of 43 villagers shocked Tal Rifaat.", [(K, 43)]),
    ],
    "a_subject_after_a_comma_is_not_one_of_the_dead": [
        ("Asked about the deaths of three soldiers near Gao, the minister of defence, Sara Saleh, said nothing.", [(K, 3)]),
        ("The shelling killed three soldiers, a nurse and the driver.", [(K, 3), (K, 2)]),
    ],
    "a_place_before_a_noun_is_no_person": [("Nine passengers on an Omdurman bus were killed by shells.", [(K, 9)])],
    "a_family_of_so_many_says_again_who_they_are": [
        ("A mother and three boys, a family of four, were killed by a shell.", [(K, 4)])
    ],
    "those_counted_after_a_source_without_a_comma": [
        ("According to Ouagadougou 83 people were killed in the raid.", [(K, 83)])
    ],
    "an_age_before_a_count": [
        ("Nine martyrs, one of them aged 64, and over 20 wounded were brought in.", [(K, 9), (I, (21, 21, None))])
    ],
    "a_verb_said_once_for_two_days": [
        ("On Monday three were killed at the spot, and thirty-one on Sunday.", [(K, 3), (K, 31)]),
        ("The shelling left eight dead on Monday and 12 on Tuesday.", [(K, 8), (K, 12)]),
    ],
    "lives_are_taken_wherever": [
        ("A drone strike took 25 lives in May.", [(K, 25)]),
        ("The council confirmed the loss of thirty-one lives at Koro.", [(K, 31)]),
        ("Eighteen lives had been wasted in the raid.", [(K, 18)]),
        ("A bomb went off near the teacher, who lives in Homs.", []),
        ("The shelling ended the lives of 16 pupils.", [(K, 16)]),
    ],
    "people_who_are_cut_down_or_felled": [
        ("At least 61 soldiers were cut down in an ambush.", [(K, (61, 61, None))]),
        ("The recruits were attacked at a gate, where 12 of them were blown to pieces.", [(K, 12)]),
        ("A beekeeper was felled by a sniper.", [(K, 1)]),
        ("Militants machine-gunned nine villagers.", [(K, 9)]),
        ("The council cut down 12 trees after the killing.", []),
    ],
    "fighters_fall": [
        ("Three of their soldiers fell in an ambush and six were wounded.", [(K, 3), (I, 6)]),
        ("A statue for the dead was raised to the 40 soldiers fallen at Koro.", [(K, 40)]),
        ("Three soldiers fell ill after the killing.", []),
        ("Three soldiers fell back after the killing.", []),
        ("Three children fell in the yard after the killing.", []),
    ],
    "death_is_met": [
        ("Eight residents met their death in the raid.", [(K, 8)]),
        ("Two guards paid with their lives.", [(K, 2)]),
        ("Nine citizens rose as martyrs in the shelling.", [(K, 9)]),
        ("Six herders were found with their throats slit.", [(K, 6)]),
    ],
    "a_village_loses_people": [
        ("The village lost nine people in the raid and six were wounded.", [(K, 9), (I, 6)]),
        ("Four of our soldiers were lost and six were wounded.", [(K, 4), (I, 6)]),
        ("Four of our vehicles were lost after the killing.", []),
    ],
    "those_who_are_buried_or_mourned_are_dead": [
        ("Eleven farmers were buried at dawn after the massacre.", [(K, 11)]),
        ("By night the village had buried 31.", [(K, 31)]),
        ("We mourn nine of our people after the raid.", [(K, 9)]),
        ("We mourn our people after the raid.", []),
        ("Four houses were buried after the air strike.", []),
    ],
    "the_dead_reach_a_number": [
        ("Two of the hurt died, which takes the dead to twenty.", [(K, 20)]),
        ("The dead numbered 31 by dusk.", [(K, 31)]),
    ],
    "an_object_is_no_subject": [
        ("Two men who tried to stop them were shot dead.", [(K, 2)]),
        ("Police shot them dead.", [(K, (2, None, None))]),
    ],
    "an_aside_tells_more_of_those_before_it": [
        ("At least 52 people, many of them commuters, were killed.", [(K, (52, 52, None))]),
        ("Thirty civilians, nine of them girls who had gone to draw water, were shot dead.", [(K, 30)]),
        ("One man, named by the army as the chief of the cell, was killed.", [(K, 1)]),
        ("Three UN drivers, a Chadian and two foreigners, died in the blast.", [(K, 3)]),
        ("Two brothers from Har Tal, 19 and 21, were murdered.", [(K, 2)]),
        ("Six soldiers, four policemen, and three nurses were killed.", [(K, 10), (K, 3)]),
        ("Three soldiers were killed and dozens of others, including a boy, were wounded.", [(K, 3), (I, (24, None, 99))]),
    ],
    "what_happened_to_them_follows_a_comma": [
        ("The town said farewell to 14 of its sons, slain by gunmen.", [(K, 14)]),
        ("The president spoke of nine soldiers, killed in an ambush.", [(K, 9)]),
    ],
    "an_initial_ends_a_name": [("Fuad R., 34, was shot dead by gunmen.", [(K, 1)])],
    "one_number_counts_a_list": [
        ("Sixty-six men, women and children were butchered in the camp.", [(K, 66)]),
        ("The blast killed 23 people and wounded 60, police and medics said.", [(K, 23), (I, 60)]),
    ],
    "a_mother_and_child": [("The deaths of a mother and child aboard a bus shocked the town.", [(K, 2)])],
    "eighty_odd": [("Eighty-odd people were killed by the bomb.", [(K, 80)])],
    "a_short_month_is_no_name": [("Raid on a farm, 5 Dec, 4 killed.", [(K, 4)])],
    "what_is_called_a_death": [
        ("The army looks into what villagers call the death of 17 civilians.", [(K, 17)]),
        ("The preacher calls for the death of 17 civilians.", []),
    ],
    "people_of_a_country_are_broken_down_by_sex_and_age": [
        ("Gunmen killed nine US citizens, three women and six children, on a road.", [(K, 9)]),
        ("Nine Malian villagers, four men and five women, were killed by gunmen.", [(K, 9)]),
        ("Three men, two women and a child were killed by gunmen.", [(K, 6)]),
        ("Five soldiers, two women and three children were killed in the raid.", [(K, 5), (K, 5)]),
    ],
    "a_figure_that_is_given_up_is_no_count": [
        ("The governor said 38, not 50, had been killed in the attack.", [(K, 38)]),
        ("The attack killed 38 people and not 50, the governor said.", [(K, 38)]),
        ("Not one of the 12 people hurt in the attack was killed.", [(I, 12)]),
    ],
    "a_number_is_put_at": [
        ("Local sources put at 160 the number of people killed in the raid.", [(K, 160)]),
        ("Doctors put at 12 the death toll of the raid.", [(K, 12)]),
    ],
    "victims_that_are_buried_are_dead": [
        ("Kati buried on Friday the seven victims of the raid.", [(K, 7)]),
        ("The 12 victims of the shelling were buried at dawn.", [(K, 12)]),
        ("Rescuers said that 12 victims were buried under the rubble after the raid.", []),
        ("The village buried nine victims of the flood.", []),
    ],
    "a_number_that_is_the_toll": [
        ("Forty-one and not 60, as first reported, is the number of people killed in the raid.", [(K, 41)]),
        ("The mayor said that 12 was the final death toll of the bombing.", [(K, 12)]),
        ("The number of pilgrims killed in the bombing has gone up to 26.", [(K, 26)]),
        ("The toll of the raid has risen up to 26.", [(K, 26)]),
        ("Up to 26 people were killed in the raid.", [(K, (1, None, 26))]),
    ],
    "bodies_that_are_taken_away": [
        ("Eleven bodies were taken to the hospital after the air strike.", [(K, 11)]),
        ("Three bodies were carried out of the house that was shelled.", [(K, 3)]),
    ],
    "those_who_count_their_dead_are_alive": [
        ("Residents counted their dead after rockets killed 16 people.", [(K, 16)]),
        ("Tal Rifaat buries its dead after the raid.", []),
    ],
    "a_place_that_opens_the_clause_is_none_of_those_who_died": [
        ("In Tahoua, six herders died in a raid.", [(K, 6)]),
        ("On Friday, near the city of Gao, a driver died when a mine went off.", [(K, 1)]),
        ("Shells fell on the market, and in Kidal, two children died.", [(K, 2)]),
    ],
    "of_the_dead_of_whom_some_are_spoken_of_all_count": [
        ("The village buried some of the 14 people killed in Friday's raid.", [(K, 14)]),
        ("Two of the five soldiers killed by a mine near Gao were officers.", [(K, 5)]),
        ("Six of the 11 miners were killed in Monday's attack.", [(K, 6)]),
    ],
    "a_verb_that_is_not_said_again_counts_the_dead_of_further_places": [
        ("Ten people were killed in Aden and four in Taiz.", [(K, 10), (K, 4)]),
        ("A raid killed 12 men in Bosso, six in Diffa and one near Nguigmi.", [(K, 12), (K, 6), (K, 1)]),
        ("Ten people were killed in Aden and four in Taiz were arrested.", [(K, 10)]),
        ("Ten people were killed in Aden, officials in Taiz said.", [(K, 10)]),
    ],
    "nouns_in_ing_before_the_subject_take_no_object": [
        ("On Friday evening two soldiers were killed.", [(K, 2)]),
        ("This morning 14 people were killed in the village.", [(K, 14)]),
        ("In Friday's bombing three people were killed.", [(K, 3)]),
        ("After the shelling four people were injured.", [(I, 4)]),
    ],
    "neither_is_none_and_males_are_people": [
        ("Neither officer was injured.", [(I, 0)]),
        ("Two males were shot and a female was grazed.", [(I, 2), (I, 1)]),
        ("Two elderly Jesuit priests were killed inside a church.", [(K, 2)]),
        ("Two female Afghan judges were shot dead.", [(K, 2)]),
        ("A male nurse was killed and another is fighting for life.", [(K, 1), (I, 1)]),
        ("Sixty of the injured were still under treatment, seven of them in intensive care.", []),
        ("The victims, ages 17, 18 and 20, are in stable condition.", [(I, (2, None, None))]),
    ],
    "victims_without_a_verb_of_their_own": [
        ("One man was shot in the leg, the other in the chest.", [(I, 2)]),
        ("One teen was hit in the arm, another in the back.", [(I, 2)]),
        ("Two sisters were shot, the younger fled.", [(I, 2)]),
        ("Two sisters were shot, the youngest of them fatally.", [(I, 1), (K, 1)]),
        ("Rebels killed and buried at least 14 farmers.", [(K, (14, 14, None))]),
        ("The clerk was dying, one of three people shot.", [(K, 1), (I, 2)]),
        ("She was one of six people wounded in the raid.", [(I, 6)]),
        ("Sergeant Omar Reed was hit in the thigh.", [(I, 1)]),
        ("The shooting sent two girls to a local hospital.", [(I, 2)]),
        ("Police sent two officers to the hospital after the shooting.", []),
        ("Victim 2: male, 31, gunshot wounds to the foot.", [(I, 1)]),
        ("A man shot his cousin and wounded two other guests.", [(K, 1), (I, 2)]),
        ("He died of the gunshot wound he gave himself.", [(K, 1)]),
        ("ELKO, Nevada (KQRS) - Two clerks were shot, one fatally.", [(I, 1), (K, 1)]),
    ],
    "wire_news_in_short": [
        ("The blast left four members of a family dead and two badly hurt.", [(K, 4), (I, 2)]),
        ("Six of the 15 wounded are in critical condition.", [(I, 15)]),
        ("Four of the nine wounded later died.", [(K, 4), (I, 5)]),
        ("Casualties: 4 killed, 11 injured", [(K, 4), (I, 11)]),
        ("4 killed/11 wounded", [(K, 4), (I, 11)]),
        ("Seven bodies, including those of two children, have been pulled out.", [(K, 7)]),
        ("A major and four soldiers were killed in a major clash.", [(K, 5)]),
    ],
    "ellipsis_and_euphemism": [
        ("One person died on the spot and 3 in hospital.", [(K, 1), (K, 3)]),
        ("Three people are in hospital and one died.", [(I, 2), (K, 1)]),
        ("Two brothers shot at wedding in Reno", [(I, 2)]),
        ("A clerk was killed; all three of his friends are expected to recover.", [(K, 1), (I, 3)]),
        ("The classmates, two girls, 17 and 18, and a boy, 18, were wounded.", [(I, 3)]),
    ],
    "taken_to_hospital_in_any_words": [
        ("A cook was shot and taken by ambulance to St. Mary Medical Center.", [(I, 1)]),
        ("Five shot people were rushed to area hospitals, and one of them died.", [(I, 4), (K, 1)]),
        ("Police found two gunshot victims.", [(I, 2)]),
    ],
    "the_dead_are_the_subject_and_not_the_nearest": [
        ("A cab driver caught in the crossfire between two gangs died.", [(K, 1)]),
        ("A mother of two died.", [(K, 1)]),
        ("Clerk killed in front of his family, teenage son hurt", [(K, 1), (I, 1)]),
        ("Four of the ten miners died.", [(K, 4)]),
    ],
    "bullets_hit_people": [
        ("A stray bullet struck a girl in the neck.", [(I, 1)]),
        ("Shots hit three men outside a bar.", [(I, 3)]),
        ("Bullets hit two cars.", []),
        ("The striker shot wide.", []),
    ],
    "ages_between_commas_count_nobody": [
        ("Three other women, 24, 26 and 52, were shot.", [(I, 3)]),
        ("The usher, 67, who held the door, was grazed.", [(I, 1)]),
        ("Gunmen killed 12, 14 and 9 people in three towns.", [(K, 35)]),
        ("Three M23 fighters were killed.", [(K, 3)]),
    ],
    "both_and_all_are_subjects": [
        ("Both died at the scene.", [(K, 2)]),
        ("A baby and its mother both died.", [(K, 2)]),
        ("Four women were among the 11 killed.", [(K, 11)]),
    ],
    "hit_and_in_hospital_care": [
        ("A man is in intensive care and two others are on life support.", [(I, 1), (I, 2)]),
        ("He was taken off life support on Sunday.", [(K, 1)]),
        ("One clerk was killed and another was rushed into surgery.", [(K, 1), (I, 1)]),
        ("Two of her friends were also hit.", [(I, 2)]),
        ("Two siblings are clinging to life.", [(I, 2)]),
        ("A shop assistant was shot through the hand.", [(I, 1)]),
        ("Farmers were hit hard by the tax.", []),
    ],
    "verbs_that_need_a_person_take_any_noun": [
        ("A zookeeper was gunned down.", [(K, 1)]),
        ("The plan was killed.", []),
    ],
    "an_apposition_counts_the_people_once": [
        ("The occupants, 2 women and 5 children, were killed.", [(K, 7)]),
        ("The victims, a nurse and two boys, were wounded.", [(I, 3)]),
        ("All 9 people on board, including the mayor's two daughters, died.", [(K, 9)]),
        ("A blast killed six, wounding more than 80, many with burns.", [(K, 6), (I, (81, 81, None))]),
        ("5 border guards, 6 local fighters and 12 villagers were killed.", [(K, 5), (K, 6), (K, 12)]),
        ("They shot him and his two sons dead.", [(K, 3)]),
        ("Dozens of killed and wounded", [(B, (24, None, 99))]),
        ("At least several clerks were hurt.", [(I, (3, None, None))]),
        ("A clerk was hit over the head with a pistol.", [(I, 1)]),
    ],
    "an_age_can_stand_for_a_person": [
        ("A 16-year-old was shot in the leg.", [(I, 1)]),
        ("A 22-year-old was killed and two 17-year-olds were wounded.", [(K, 1), (I, 2)]),
        ("Police said the 61-year-old died at a hospital.", [(K, 1)]),
        ("A 15-year-old boy is dead and a 16-year-old is recovering.", [(K, 1), (I, 1)]),
        ("30-year-old dies after shooting", [(K, 1)]),
        ("A 20-year war killed two envoys.", [(K, 2)]),
        ("Omar and Adel Saleh, ages 58 and 55, were shot.", [(I, 2)]),
    ],
    "shots_and_stabs_wound": [
        ("Man stabs 6 at mall", [(I, 6)]),
        ("Robbers shoot clerk, 3 customers at store", [(I, 4)]),
        ("A youth is charged with shooting three people.", [(I, 3)]),
        ("A teen is accused of fatally shooting a clerk.", [(K, 1)]),
        ("Farmer shoots two trespassers; one dies", [(I, 1), (K, 1)]),
        ("5 shot, 1 killed in Dallas", [(I, 4), (K, 1)]),
        ("Seven shot in Memphis", [(I, 7)]),
        ("The shooting victims were named.", []),
        ("A neighbour was struck in the calf.", [(I, 1)]),
    ],
    "shot_at_a_place_is_hit_and_shot_at_somebody_is_not": [
        ("6 shot at park", [(I, 6)]),
        ("Three guards shot at checkpoint", [(I, 3)]),
        ("He was shot at a petrol station.", [(I, 1)]),
        ("A patrol officer was shot at.", []),
        ("Gunmen shot at a bus.", []),
        ("Police shot at the suspect.", []),
        ("Four deputies shot back.", []),
    ],
    "the_figure_is_of_what_was_counted_before": [
        ("19 people were killed; the mission later raised the figure to 53.", [(K, 19), (K, 53)]),
        ("Nine were wounded, though residents put the figure at 12.", [(I, 9), (I, 12)]),
        ("A survey put the figure at 12 cows.", []),
    ],
    "bodies_found_one_after_the_other": [
        ("Searchers have found a second body.", [(K, 1)]),
        ("Dead: 30. Injured: 50.", [(K, 30), (I, 50)]),
        ("She was rushed to a clinic but did not survive.", [(K, 1)]),
        ("Man shot in the head on Sunday in Reno dies", [(K, 1)]),
        ("A man who was shot in the city's West Ward died.", [(K, 1)]),
        ("Officer, good neighbour and teacher dead", [(K, 1), (K, 2)]),
    ],
    "a_killer_who_takes_his_life_has_killed": [
        ("A man killed his former wife and their daughter before taking his own life.", [(K, 2)]),
        ("A man killed himself in his cell.", []),
    ],
    "notes_name_the_means_in_many_words": [
        ("3 by US air strike, Rawa.", [(K, 3)]),
        ("7 civilians by Iraqi army shelling, Hit.", [(K, 7)]),
        ("30-40 villagers by coalition air strike, west of Mosul.", [(K, (30, None, 40))]),
        ("5 by bomb, Doura; 2 by gunmen, Kut; 3 injured.", [(K, 5), (K, 2), (I, 3)]),
        ("Two were killed by a bomb.", [(K, 2)]),
    ],
    "an_aside_between_commas_is_not_the_subject": [
        ("Nine guards, seven of them recruits, were killed and six injured.", [(K, 9), (I, 6)]),
        ("On 3 May, 39 people, most of them women and children, were killed.", [(K, 39)]),
        ("At least 14 villagers, half of them children, were wounded.", [(I, (14, 14, None))]),
        ("Another 24 pupils, all but two of them girls, were hurt.", [(I, 24)]),
        ("Eight civilians, of them 6 children, were killed in total.", [(K, 8)]),
        ("Six shepherds, most of whom were teenagers, were killed.", [(K, 6)]),
        ("A dozen people, including a baby whose father is a soldier, were wounded.", [(I, 12)]),
        ("Two cooks and Omar Saleh, who was a guard at the gate, were killed.", [(K, 3)]),
        ("Fifteen people were killed, one woman among them, and 11 injured.", [(K, 15), (I, 11)]),
        ("Two of those who had been wounded when the wall fell died at night.", [(K, 2)]),
    ],
    "a_heading_before_a_colon_is_no_victim": [
        ("Clashes with rebels: 10 soldiers and two policemen killed.", [(K, 12)]),
        ("Fatalities: 4 rebels, 3 policemen.", [(K, 4), (K, 3)]),
        ("The mayor said eight people were killed: five civilians and three policemen.", [(K, 8)]),
    ],
    "the_wounded_who_die_are_not_wounded_twice": [
        ("Two miners were shot and one later died.", [(I, 1), (K, 1)]),
        ("A man stabbed two clerks before killing the two clerks and a guard.", [(K, 3)]),
        ("Three guards died at once and two succumbed to their injuries in hospital.", [(K, 3), (K, 2)]),
        ("Sixty of the injured were still under treatment.", []),
        ("A boy from Homs died of wounds he sustained in shelling.", [(K, 1)]),
    ],
    "a_total_told_again_is_a_total_for_both": [
        ("In all, six people were killed and nine were injured.", [(K, 6), (I, 9)]),
        ("The toll of wounded reached on Sunday 20 people.", [(I, 20)]),
        ("The mayor put the dead at fifteen.", [(K, 15)]),
        ("Officials placed the injury toll at 32.", [(I, 32)]),
    ],
    "those_who_say_it_are_no_victims": [
        ("The blast hit a bus, wounding 14, a district official said.", [(I, 14)]),
        ("It killed nine people, six of them children, rescue worker Sami Nasser said.", [(K, 9)]),
        ("There were no details yet on wounded.", []),
    ],
    "one_person_of_two_trades_is_one": [
        ("Teacher and poet from the valley, Sara Nasser, was killed.", [(K, 1)]),
        ("Teacher and poet killed in the raid.", [(K, 2)]),
        ("The raid killed a leader of the New Life Party, Adel Saleh, and three villagers.", [(K, 4)]),
        ("A guard and two cousins of the mayor shot dead.", [(K, 3)]),
        ("The bodies of Omar Saleh, 41 or 42 years old, and Rami Nasser, 19, were found.", [(K, 2)]),
        ("It killed a whole family of six members.", [(K, 6)]),
    ],
    "an_unknown_number_is_several": [
        ('The strike injured "a number" of others.', [(I, (3, None, None))]),
        ("An undetermined number of injured villagers were taken to a clinic.", [(I, (2, None, None))]),
    ],
    "those_sought_for_a_killing_are_no_victims": [
        ("Omar Saleh is sought in the death of Sara Nasser.", [(K, 1)]),
        ("A man is wanted for the murder of two guards.", [(K, 2)]),
    ],
    "idioms_of_death_and_care": [
        ("A sergeant paid the supreme price while two others sustained injuries.", [(K, 1), (I, 2)]),
        ("A third victim was treated and released.", [(I, 1)]),
        ("A woman was treated for a gunshot wound to the hand.", [(I, 1)]),
        ("Two clerks were killed and a third critically injured.", [(K, 2), (I, 1)]),
    ],
    "a_part_is_not_added_to_its_whole": [
        ("Three villagers, including two children, were killed by a mine.", [(K, 3)]),
        ("Nine pupils, among them a girl, were hurt.", [(I, 9)]),
        ("The raid killed 17 people, 12 of them women.", [(K, 17)]),
        ("The raid killed 17 people, most of them women.", [(K, 17)]),
        ("At least 12 people, mostly farmers, were killed.", [(K, (12, 12, None))]),
        ("Ten people were wounded, three of them critically.", [(I, 10)]),
        ("A bomb went off, wounding dozens, some critically.", [(I, (24, None, 99))]),
        ("Four guards were wounded, one of whom was seriously injured.", [(I, 4)]),
        ("Shells killed three people: a miller and his two sons.", [(K, 3)]),
        ("Jets killed four members of one family – two women and two boys – at dawn.", [(K, 4)]),
        ("Five men, all shepherds, were killed.", [(K, 5)]),
        ("Five men, residents of the valley, were killed.", [(K, 5)]),
        ("BLOODY NIGHT IN RAMADI: 12 guards killed", [(K, 12)]),
        ("At least two civilians, a writer and a pupil, were killed.", [(K, (2, 2, None))]),
        ("It killed two women, both nurses.", [(K, 2)]),
        ("The wounded included two nurses and a guard.", [(I, 3)]),
    ],
    "a_list_goes_on_after_the_parts_that_interrupt_it": [
        ("Three soldiers, including an officer, and two villagers were killed.", [(K, 3), (K, 2)]),
        ("At least 16 people, including two women, were killed, and nine others were wounded.", [(K, (16, 16, None)), (I, 9)]),
        ("The attack left six people dead, including three children, and 19 injured.", [(K, 6), (I, 19)]),
        ("Twenty were killed including a nurse and a cook, 28 other people were injured.", [(K, 20), (I, 28)]),
    ],
    "wounds_are_told_in_many_words": [
        ("A clerk suffered a minor hand injury.", [(I, 1)]),
        ("Five persons who sustained gunshot injuries fled on foot.", [(I, 5)]),
        ("Two other men had multiple stab wounds.", [(I, 2)]),
        ("Three residents suffered acute stress reactions.", [(I, 3)]),
        ("A woman was grazed by a bullet.", [(I, 1)]),
        ("A quarrel ended with a man being shot in the shoulder.", [(I, 1)]),
        ("Woman charged after boyfriend is shot in Akron.", [(I, 1)]),
        ("A boy of nine was hit by a stray bullet.", [(I, 1)]),
        ("Two nurses were struck in the leg by gunfire.", [(I, 2)]),
        ("Seven soldiers embraced martyrdom and four others sustained injuries.", [(K, 7), (I, 4)]),
        ("The goalkeeper had a knee injury list to study.", []),
    ],
    "notes_name_victims_and_means_alone": [
        ("5 by roadside bomb targeting a patrol, Doura; 12 injured.", [(K, 5), (I, 12)]),
        ("2 by gunfire in Baquba.", [(K, 2)]),
        ("Policeman by gunmen, Mosul.", [(K, 1)]),
        ("The convoy was held up near three villages by gunmen.", []),
        ("Body of a man found, shot in the head, in Kut.", [(K, 1)]),
        ("A body of experts found that 40 houses were burned.", []),
        ("Fatalities: 3. Injuries: 5.", [(K, 3), (I, 5)]),
    ],
    "military_abbreviations_are_read": [
        ("4 X ALP KIA, 1 X ALP MIA, 3 X INS WIA.", [(K, 4), (I, 3)]),
        ("3 EKIA, 1 EWIA, 2 DETAINED.", [(K, 3), (I, 1)]),
    ],
    "the_group_is_no_verb": [
        ("As reported on 7 August, 14 IS fighters were killed.", [(K, 14)]),
        ("THE MAYOR IS DEAD.", [(K, 1)]),
    ],
    "what_describes_a_victim_adds_nobody": [
        ("Two brothers, one of them a child, were reportedly injured.", [(I, 2)]),
        ("Two people, one of them Omar Saleh, were killed by a drone.", [(K, 2)]),
        ("At least 27 villagers including 11 women, two of whom were pregnant, were killed.", [(K, (27, 27, None))]),
        ("Four people, a father and three children, were killed.", [(K, 4)]),
        ("Omar Saleh, a reporter for Horizon TV and his mother, were killed.", [(K, 2)]),
        ("Both were taken to a hospital, where one of them, a 22-year-old man, died.", [(I, 1), (K, 1)]),
        ("Five people were killed, a woman and four children, and others injured.", [(K, 5), (I, (2, None, None))]),
        ("The bodies of 2 men, one a former policeman, were found.", [(K, 2)]),
        ("At least 52 soldiers collecting their pay at a base in northeast Aden were killed.", [(K, (52, 52, None))]),
        ("Six villagers travelling in a minibus were wounded.", [(I, 6)]),
        ("Police looking into the blast said five people were killed.", [(K, 5)]),
        ("Mortars hit the quarter; 3 killed, one of them a girl, and 14 hurt.", [(K, 3), (I, 14)]),
        ("A mother and her two children, ages 3 and 5, were killed.", [(K, 3)]),
        ("Gunmen kill a translator working for foreign forces and her two brothers, Hilla.", [(K, 3)]),
    ],
    "people_named_side_by_side_add_up": [
        ("A shell hit the yard, killing a woman and her two sons.", [(K, 3)]),
        ("A man, his wife and their three children were killed.", [(K, 5)]),
        ("A mother and daughter were killed.", [(K, 2)]),
        ("A couple and their child were killed.", [(K, 3)]),
        ("The twins were wounded.", [(I, 2)]),
        ("They killed her and her two daughters.", [(K, 3)]),
        ("He and his brother were killed.", [(K, 2)]),
        ("The bomber killed himself and three others.", [(K, 1), (K, 3)]),
        ("A rocket killed a pregnant woman and her brother.", [(K, 2)]),
        ("Clashes left nine soldiers and seven rebels dead.", [(K, 9), (K, 7)]),
        ("Five civilians and three soldiers were killed.", [(K, 5), (K, 3)]),
        ("The blast killed a candidate running for a seat in the council, his driver and a clerk.", [(K, 3)]),
        ("Omar Saleh was killed in his shop along with his wife and two sons.", [(K, 4)]),
        ("Omar Saleh was killed together with nine other members of his clan.", [(K, 10)]),
        ("Sixty-one soldiers and militiamen were killed.", [(K, 61)]),
    ],
    "names_are_counted": [
        ("The strike killed Sheikh Mansour.", [(K, 1)]),
        ("Brothers Samir and Adel were killed.", [(K, 2)]),
        ("Huda Saleh, Rami Nasser and their daughter Lina were killed.", [(K, 3)]),
        ("Huda Saleh (31), her husband Rami, 35, and their two children: Lina and Omar were killed.", [(K, 4)]),
        ("35-year-old Huda Saleh and her son, 12-year-old Adel Saleh, were killed.", [(K, 2)]),
        (
            "Seven people, Huda Saleh, her husband and their five children Lina, Omar, Sami, Adel and Nour, were killed.",
            [(K, 7)],
        ),
        ("Two brothers, Samir and Adel, were killed.", [(K, 2)]),
        ("Rami Nasser, a journalist, was killed.", [(K, 1)]),
        ("A journalist, Rami Nasser, was killed.", [(K, 1)]),
        ("Journalist Rami Nasser was killed.", [(K, 1)]),
        ("The raid led to the death of Huda Saleh and her son.", [(K, 2)]),
        ("Two teachers, Samir and Adel, and a nurse were killed.", [(K, 3)]),
    ],
    "killed_and_injured_are_told_apart": [
        ("Four soldiers were killed and two others were wounded.", [(K, 4), (I, 2)]),
        ("The blast killed 6 and wounded 4 others.", [(K, 6), (I, 4)]),
        ("A bomb exploded, killing at least 5 and injuring more than 20.", [(K, (5, 5, None)), (I, (21, 21, None))]),
        ("It caused five deaths and 12 injuries.", [(K, 5), (I, 12)]),
        ("The fighting left 9 dead and 5 wounded.", [(K, 9), (I, 5)]),
        ("A man was wounded and his wife was killed.", [(I, 1), (K, 1)]),
        ("One person was killed and another wounded.", [(K, 1), (I, 1)]),
        ("Two policemen were killed when gunmen fired on a car, injuring a boy.", [(K, 2), (I, 1)]),
        ("The monitor documented the death of 12 conscripts and the injury of nine others.", [(K, 12), (I, 9)]),
        ("Hundreds were killed and thousands displaced.", [(K, (200, None, 999))]),
        ("Ten people were wounded, one of whom died later.", [(I, 9), (K, 1)]),
        ("Four people were shot, two fatally.", [(I, 2), (K, 2)]),
        ("Of the 12 victims, 5 were killed.", [(K, 5)]),
        ("A man was shot on Friday and died in hospital.", [(K, 1)]),
    ],
    "killed_and_injured_that_are_not_separable_are_casualties": [
        ("The group claimed two raids, killing and injuring four people.", [(B, 4)]),
        ("Dozens of soldiers were killed and injured.", [(B, (24, None, 99))]),
        ("Several militiamen were killed and injured.", [(B, (3, None, 9))]),
        ("The shelling left 20 dead and wounded.", [(B, 20)]),
        ("The battle ended with 40 casualties.", [(B, 40)]),
        ("Casualties were reported.", [(B, (2, None, None))]),
        ("It resulted in a number of deaths and injuries.", [(B, (3, None, None))]),
    ],
    "vague_numbers_are_ranges": [
        ("Soldiers were killed in the ambush.", [(K, (2, None, None))]),
        ("The clash left 7-9 dead.", [(K, (7, None, 9))]),
        ("Up to 10 guards were killed.", [(K, (1, None, 10))]),
        ("Up to 10 guards may have been killed.", [(K, (0, None, 10))]),
        ("Nearly 30 people were feared dead.", [(K, (27, 30, 30))]),
        ("The raid injured from 50 to 80 people.", [(I, (50, None, 80))]),
        ("Two farmers and several children were killed.", [(K, (5, None, 11))]),
    ],
    "every_way_to_say_killed": [
        ("The attack claimed the lives of 12 people.", [(K, 12)]),
        ("The attack claimed seven lives.", [(K, 7)]),
        ("Three people lost their lives.", [(K, 3)]),
        ("Two guards succumbed to their wounds.", [(K, 2)]),
        ("The bodies of five men were found in a well.", [(K, 5)]),
        ("Police recovered five bodies.", [(K, 5)]),
        ("A farmer was shot dead.", [(K, 1)]),
        ("A farmer was shot and killed by soldiers.", [(K, 1)]),
        ("A farmer was fatally shot.", [(K, 1)]),
        ("A farmer was stabbed to death.", [(K, 1)]),
        ("Gunmen shot dead two brothers.", [(K, 2)]),
        ("Gunmen gunned down a village elder.", [(K, 1)]),
        ("Militants beheaded three men.", [(K, 3)]),
        ("Militants executed three men.", [(K, 3)]),
        ("Two judges were assassinated.", [(K, 2)]),
        ("Seven civilians have been martyred.", [(K, 7)]),
        ("The massacre of 50 villagers shocked the region.", [(K, 50)]),
        ("The bomb left 25 victims dead.", [(K, 25)]),
        ("The raid killed five.", [(K, 5)]),
        ("He died of his wounds.", [(K, 1)]),
        ("There was an ambush in which two people died.", [(K, 2)]),
        ("Killed in the ambush were two teachers and a cook.", [(K, 3)]),
        ("Among the dead were two teachers.", [(K, 2)]),
        ("The families of two soldiers killed in the ambush wept.", [(K, 2)]),
    ],
    "every_way_to_say_injured": [
        ("Six people were hospitalised.", [(I, 6)]),
        ("Two teenagers were hurt.", [(I, 2)]),
        ("Two boys suffered shrapnel wounds.", [(I, 2)]),
        ("Police found two victims suffering from gunshot wounds.", [(I, 2)]),
        ("A boy is in critical condition.", [(I, 1)]),
        ("Medics treated two wounded children.", [(I, 2)]),
        ("Three tourists were stabbed.", [(I, 3)]),
    ],
    "headlines": [
        ("5 killed, 12 hurt in Aleppo strike", [(K, 5), (I, 12)]),
        ("Child injured under rubble in Idlib", [(I, 1)]),
        ("Man shot dead in Mosul", [(K, 1)]),
        ("Syrian killed in Homs", [(K, 1)]),
        ("Rebels shell town killing child and injuring another", [(K, 1), (I, 1)]),
        ("Gunmen kill policeman in Mosul", [(K, 1)]),
        ("Suicide bomber kills 40 at mosque", [(K, 40)]),
        ("Two women dead, man injured after shooting", [(K, 2), (I, 1)]),
        ("Three Civilians Killed In Aleppo Strike", [(K, 3)]),
        ("Car bomb kills nearly 30 in Baghdad, dozens wounded", [(K, (27, 30, 30)), (I, (24, None, 99))]),
        ("1 dead, 2 injured in shooting on Elm Street", [(K, 1), (I, 2)]),
        ("12 martyrs and 30 wounded in raid", [(K, 12), (I, 30)]),
    ],
    "military_notes": [
        ("IED killed 2 ANA, wounded 3.", [(K, 2), (I, 3)]),
        ("2 x civilians KIA, 3 WIA.", [(K, 2), (I, 3)]),
        ("2xANA KIA 3xANA WIA", [(K, 2), (I, 3)]),
        ("Roadside bomb kills 3 policemen, wounds 5", [(K, 3), (I, 5)]),
    ],
    "local_crime_news": [
        ("A 23-year-old man was pronounced dead at the scene.", [(K, 1)]),
        ("The 54-year-old woman was fatally stabbed on Elm Street.", [(K, 1)]),
        ("A 17-year-old boy was shot in the leg.", [(I, 1)]),
    ],
    "nobody": [
        ("No casualties were reported.", [(B, 0)]),
        ("There were no immediate reports of injuries.", [(I, 0)]),
        ("The shells fell without causing casualties.", [(B, 0)]),
        ("No one was hurt.", [(I, 0)]),
        ("None of the passengers was injured.", [(I, 0)]),
        ("The bombing did not kill anyone.", [(K, 0)]),
    ],
    "the_subject_is_found_past_what_stands_between": [
        ("Three shepherds in a tent near the river were killed.", [(K, 3)]),
        ("Three shepherds who had fled the camp were killed.", [(K, 3)]),
        ("A man who shot two guards was killed.", [(I, 2), (K, 1)]),
        ("The driver of a bus carrying 20 pupils was killed.", [(K, 1)]),
        ("According to officer Rami Nasser, another guard was wounded.", [(I, 1)]),
        ("In Homs, 21 were killed.", [(K, 21)]),
        ("He was killed by two gunmen.", [(K, 1)]),
    ],
    "words_for_dying_and_killing": [
        ("Eight residents of Tole met their death in the raid.", [(K, 8)]),
        ("Two men who barred the way paid with their lives.", [(K, 2)]),
        ("The attack ended the lives of 16 people.", [(K, 16)]),
        ("A bombing in Jos took 25 lives in May.", [(K, 25)]),
        ("The army confirmed the loss of nine lives at Karamai.", [(K, 9)]),
        ("The man, who lives in Leeds, was killed.", [(K, 1)]),
        ("Forty soldiers were cut down in the night.", [(K, 40)]),
        ("The number of the slain rose to 113.", [(K, 113)]),
    ],
    "people_that_are_buried_are_dead": [
        ("47 farmers were buried in Tole on Sunday.", [(K, 47)]),
        ("Relatives buried seven farmers.", [(K, 7)]),
        ("Relatives buried seven of the nine farmers killed in the raid.", [(K, 9)]),
        ("Two men were buried under rubble.", []),
    ],
    "a_month_is_no_name": [
        ("Rufaa, 22 Oct, 17 civilians killed.", [(K, 17)]),
    ],
    "if_confirmed_is_no_condition": [
        ("If confirmed, the killing of 35 people would be the worst attack in a year.", [(K, 35)]),
        ("If 12 people die, the army will act.", []),
    ],
}


@pytest.mark.parametrize(
    ("sentence", "want"),
    [pytest.param(s, w, id=f"{name}: {s}") for name, cases in CASES.items() for s, w in cases],
)
def test_figures(sentence, want):
    assert sorted(map(str, figures(sentence))) == sorted(map(str, want))


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("Police arrested three members of the group.", "arrest"),
        ("Two nurses were kidnapped.", "kidnapped"),
        ("Two nurses are missing.", "missing"),
        ("The fighting displaced 400 families.", "displaced"),
        ("Ten miners were rescued.", "rescued"),
        ("The driver was not hurt.", "rescued"),
        ("Wolves killed 14 sheep and injured six others.", "animal"),
        ("Passengers thought they'd die.", "hypothetical"),
        ("The army said 14 terrorists were neutralised.", "neutralised"),
        ("Rebels killed or captured 20 soldiers.", "neutralised"),
        ("The blast could kill five people.", "hypothetical"),
        ("They tried to kill the governor.", "hypothetical"),
        ("If five people are killed, the talks will end.", "hypothetical"),
        ("The group threatened to kill five hostages.", "threat"),
        ("The army denied killing four villagers.", "denial"),
        ("The army denied that anyone was killed.", "denial"),
        ("Three men were sentenced to death.", "sentence_of_law"),
        ("Two people died in a car crash.", "non_conflict_death"),
        ("An earthquake killed 200 people.", "non_conflict_death"),
        ("Two men died of cancer.", "non_conflict_death"),
        ("He killed himself in his cell.", "non_conflict_death"),
        ("A striker was injured before the match against the premier league side.", "sport"),
        ("The council killed the deal.", "metaphor"),
        ("Rising rents are killing small firms.", "metaphor"),
        ("She shot a film in two weeks.", "metaphor"),
        ("Troops executed two airstrikes.", "metaphor"),
        ("Twelve sheep were killed.", "animal"),
        ("Two simulated casualties were carried off.", "exercise"),
        ("The film shows how three men are murdered.", "fiction"),
    ],
)
def test_what_is_no_casualty_is_left_out_with_a_reason(sentence, reason):
    records, notes = find_casualties(sentence)
    assert records == []
    assert reason in [n.reason for n in notes]
    assert all(n.explanation == reasons()[n.reason] for n in notes)


@pytest.mark.parametrize(
    "sentence",
    [
        "The race ended in a dead heat.",
        "The deadline passed on Friday.",
        "They sailed on the Dead Sea.",
        "The death penalty was kept.",
    ],
)
def test_words_that_only_look_like_casualties_are_silent(sentence):
    assert find_casualties(sentence) == ([], [])


def test_violence_outweighs_another_cause_in_the_sentence():
    assert figures("Two people died when a bomb hit their car and it crashed.") == [(K, 2)]


def test_every_number_left_over_is_named_with_its_reason():
    sentence = "On 9 May, a 122mm rocket hit two houses and killed a 30-year-old man and three others at 5 am."
    assert figures(sentence) == [(K, 4)]
    assert left_out(sentence) == {
        "9": "date",
        "122mm": "weapon",
        "two": "vehicle_or_building",
        "30-year-old": "age",
        "5": "time",
    }


@pytest.mark.parametrize(
    ("sentence", "victims", "victim_class"),
    [
        ("Tal Abyad: A member of the SDF was killed.", "member of the SDF", "rebels"),
        (
            "Eight fighters of the governor's private army were killed.",
            "fighters of the governor's private army",
            "pro_government_militia",
        ),
        (
            "Four members of the Iran-backed militia were killed.",
            "members of the Iran-backed militia",
            "pro_government_militia",
        ),
        ("Two militants were killed in return fire.", "militants", "extremist_group"),
        ("Two soldiers were killed.", "soldiers", "state_forces"),
        ("Two US soldiers were killed.", "US soldiers", "external_forces"),
        ("Two Turkish teachers were killed.", "Turkish teachers", "civilians"),
        ("Three rebel fighters were killed.", "rebel fighters", "rebels"),
        ("Two villagers were killed.", "villagers", "civilians"),
        ("Two people were killed.", "people", "unknown"),
        ("Six soldiers and farmers were killed.", "soldiers and farmers", "mixed"),
        ("Six members of the Saleh family were killed.", "members of the Saleh family", "civilians"),
        ("Five were killed.", None, "unknown"),
    ],
)
def test_victims_as_written_and_their_class(sentence, victims, victim_class):
    found = only(sentence)
    assert (found.victims, found.victim_class) == (victims, victim_class)
    assert found.victim_class in VICTIM_CLASSES


def test_those_of_a_group_are_its_parts():
    for sentence, want in [
        ("Nine guards, seven of them women, were killed.", ["seven"]),
        ("Ten people were killed, two women among them.", ["two"]),
        ("Four women were among the 11 killed.", ["Four"]),
        ("Eight people were killed: five children and three women.", ["five", "three"]),
    ]:
        assert [p.quantity.phrase for p in only(sentence).parts] == want, sentence


def test_words_too_common_to_open_an_article_count_in_it():
    assert figures("Two people were flown to Memorial Hospital.") == [(I, 2)]
    assert figures("Five people were taken to the hospital.") == [(I, 5)]
    assert figures("Five insurgents were eliminated.") == [(K, 5)]
    assert figures("Five players were eliminated.") == []
    assert figures("A man fired at the house, hitting a woman.") == [(I, 1)]
    assert not has_casualty("Two people were flown to Memorial Hospital.")


def test_a_simulated_attack_is_an_exercise():
    assert left_out("A simulated gas attack killed 150 people during the drill.")["150 people"] == "exercise"


def test_the_victims_of_a_sum_are_named_without_the_verb_between():
    assert only("Omar Saleh was killed along with two guards.").victims == "Omar Saleh and two guards"


def test_the_unborn_are_not_counted():
    assert figures("A woman and her unborn child were killed.") == [(K, 1)]
    assert left_out("Her unborn baby did not survive.") == {"Her unborn baby": "unborn"}


def test_those_of_the_dead_do_not_make_others_add():
    groups, _ = find_casualties("Another 12 people, including a baby whose mother was among the dead, were taken to hospital.")
    assert [(c.measure, c.additional) for c in groups if c.quantity.best == 12] == [(I, True)]


def test_parts_name_women_and_children():
    found = only("Three villagers, including a woman and two children, were killed.")
    assert [(p.victims, p.quantity.best) for p in found.parts] == [("woman", 1), ("children", 2)]
    found = only("A shell killed a woman and her two daughters.")
    assert found.quantity.rule == "sum"
    assert [(p.victims, p.quantity.best) for p in found.parts] == [("woman", 1), ("daughters", 2)]


@pytest.mark.parametrize(
    ("sentence", "best"),
    [
        ("The death toll rose to 14.", 14),
        ("That brings the death toll to 9.", 9),
        ("The ministry put the toll at 31.", 31),
        ("The toll climbed from 12 to 19.", 19),
        ("The number of people killed in the blast has risen to 22.", 22),
        ("In total, 26 people were killed.", 26),
        ("The latest find brings to 7 the number of guards who were killed by the bomb.", 7),
        ("It raises to 58 the total number of people killed: 41 guards and 17 farmers.", 58),
    ],
)
def test_a_toll_is_a_total(sentence, best):
    found = only(sentence)
    assert (found.measure, found.quantity.best, found.total) == (K, best, True)


@pytest.mark.parametrize(
    "sentence",
    ["Two others were killed.", "Another three guards were killed.", "A third victim died later.", "Two more were killed."],
)
def test_others_add_to_the_group_before(sentence):
    assert only(sentence).additional


def test_two_others_injured_do_not_add_to_the_killed():
    killed, injured = find_casualties("Four soldiers were killed and two others were injured.")[0]
    assert (killed.quantity.best, injured.quantity.best, injured.additional) == (4, 2, False)


@pytest.mark.parametrize(
    "sentence", ["The suicide bomber was also killed.", "Police shot the attackers dead.", "The gunman died."]
)
def test_the_attackers_own_dead_are_marked(sentence):
    assert only(sentence).attackers


@pytest.mark.parametrize(
    "sentence", ["He was killed.", "Both were killed.", "Both guards died.", "The three men were killed.", "The victims died."]
)
def test_people_named_before_are_marked(sentence):
    assert only(sentence).anaphoric


@pytest.mark.parametrize(
    "sentence", ["A farmer was killed.", "Three men were killed.", "Three of them died.", "The mayor was killed."]
)
def test_people_not_named_before_are_not_marked(sentence):
    assert not only(sentence).anaphoric


def test_a_family_of_unknown_size_counts_as_a_family():
    found = only("An entire family was killed.")
    assert (found.unit, found.quantity.low, found.quantity.best, found.quantity.high) == ("family", 2, None, None)
    assert only("Two families were killed.").quantity.low == 4
    found = only("A family of five was killed.")
    assert (found.unit, found.quantity.best) == ("person", 5)


def test_none_is_zero_and_negated():
    found = only("No villagers were killed.")
    assert (found.negated, found.quantity.low, found.quantity.high) == (True, 0, 0)


def test_acled_records_no_deaths_for_casualties_only():
    assert figures("Dozens of soldiers were killed and injured.", "acled") == [(B, 12), (K, 0)]
    assert figures("Dozens of soldiers were killed and injured.", "gtd") == [(B, None)]


def test_an_unknown_codebook_is_an_error():
    with pytest.raises(ValueError, match="range, acled, gtd"):
        find_casualties("Two men were killed.", "ucdp")


def test_line_breaks_inside_a_sentence_are_spaces():
    assert figures("Two\nsoldiers were\nkilled and a\nboy was hurt.") == [(K, 2), (I, 1)]


@pytest.mark.parametrize(
    ("sentence", "want"),
    [
        ("In the ambush the army lost 16 soldiers.", [(K, 16)]),
        ("The police lost four officers and 12 rifles in the raid.", [(K, 4)]),
        ("After the attack the team lost two players to injury.", []),
        ("The party lost 30 members in the clash.", []),
        ("Dozens of fishermen drowned or were shot when gunmen fired on their boats.", [(K, (24, None, 99))]),
        ("Militants drowned five men in the river.", [(K, 5)]),
        ("Five fishermen drowned when their boat capsized.", []),
        ("The speech was drowned out by gunfire.", []),
    ],
)
def test_the_lost_and_the_drowned_count_where_an_article_tells_of_casualties(sentence, want):
    assert figures(sentence) == want


def test_the_gate_lets_through_all_that_has_a_casualty():
    for cases in CASES.values():
        for sentence, _ in cases:
            assert has_casualty(sentence), sentence
    assert has_casualty("TWO MEN WERE KILLED")
    assert not has_casualty("The minister opened a bridge.")


def test_the_gate_knows_every_casualty_word():
    for trigger in load("triggers.yaml")["triggers"]:
        for phrase in trigger["words"]:
            assert "reason" in trigger or "common" in trigger or has_casualty(phrase), phrase


VOCABULARY = re.findall(
    r"\S+",
    """
killed wounded injured dead died killing injuring death toll of the a an and or , . ; : ( ) “ ” – in by with who were was not
no may have been could to including among them whom both others another three 12 dozens several up at least more than between
people soldiers woman her two sons family Ahmad Saleh Homs al-Sukhna militia US ISIS attack houses 54 years old casualties
bodies lives left him he they all along as well shot fatally arrested second - without reports
16-year-old victims himself figure hospital taken Mercy in of most half whose two; hit bullets stabs aged 24, 26 M23 : total
""",
)


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(st.text(max_size=120), st.lists(st.sampled_from(VOCABULARY), max_size=25).map(" ".join)),
    st.sampled_from(COUNT_MODES),
)
def test_any_text_gives_true_spans_and_ordered_bounds(text, mode):
    records, notes = find_casualties(text, mode)
    for c in [*records, *(part for record in records for part in record.parts)]:
        assert text[c.quantity.start : c.quantity.end] == c.quantity.phrase
        assert text[c.trigger_start : c.trigger_end] == c.trigger
        assert 0 <= c.start <= c.end <= len(text)
        assert c.victims is None or all(words in text for words in c.victims.split(" and "))
        assert c.measure in (K, I, B)
        assert c.victim_class in VICTIM_CLASSES
        stated = [v for v in (c.quantity.low, c.quantity.best, c.quantity.high) if v is not None]
        assert stated == sorted(stated)
    for n in notes:
        assert text[n.start : n.end] == n.phrase
        assert n.reason in reasons()
    assert find_casualties(text, mode) == (records, notes)


@pytest.mark.parametrize(
    "unit",
    [
        "Two men were killed and ",
        "Sara Saleh, his wife and ",
        "killed ",
        "( ",
        "no reports of casualties ",
        "death toll ",
        "killed 3 others, ",
        "one died and 3 in hospital ",
        "a 16-year-old, 24, who was hit, ",
        "taken to Mercy ",
    ],
)
def test_a_long_sentence_takes_linear_time(unit):
    start = time.perf_counter()
    find_casualties(unit * (60_000 // len(unit)))
    assert time.perf_counter() - start < 60  # quadratic time would take hours
