# Les textes des écrans, en français. Mêmes clés, même ordre et mêmes arguments que en.ftl. Avant
# : ; ! ? et dans les guillemets, l'espace insécable U+00A0, que les consoles savent dessiner.
# Trois lignes : .what (ce qui s'est passé), .now (à faire), .safe (ce qui est sûr), 60 au plus.

## Badge
badge-prompt = FLASHEZ VOTRE BADGE
badge-hint = Les cartes AIDE et langue marchent avant le badge.
badge-station = Site { $site }, poste { $station }
badge-resume = { $name } a laissé le colis { $parcel } ouvert ici.

## Receive: ready for a parcel
receive-prompt = FLASHEZ LE COLIS
receive-hint = Toute étiquette : transporteur, retour, commande. Sinon SANS ÉTIQUETTE.
receive-empty = Aucun colis encore. Flashez le premier.

## Parcel open
item-prompt = FLASHEZ L'ARTICLE
item-order = Commande { $order }, { $client }
item-progress = { $n } sur { $m }
item-lines-title = Attendu dans ce colis
item-line-done = en { $bin }
item-line-open = à venir
item-not-announced = Non annoncé : ouvrez-le et flashez ce qu'il contient
item-no-order = Commande inconnue. Flashez ce qu'il contient.
item-parcels-out = { $out ->
    [one] { $out } colis sur { $m } encore attendu
   *[other] { $out } colis sur { $m } encore attendus
  }
item-hint = Plus rien dedans ? Flashez la carte TERMINÉ.

## What kind of parcel it is
kind-announced = Retour annoncé
kind-preprinted = Retour avec notre étiquette
kind-blind = Non annoncé
kind-rts = Non livré, revenu
kind-store-transfer = D'un magasin
kind-trade-in = Reprise
kind-misrouted = Pas pour ce site

## Choose among orders
choose-prompt = QUELLE COMMANDE ?
choose-hint = Flashez la carte de la bonne commande, B à { $last }.
choose-tile = { $order }, { $client }, { $units ->
    [one] { $units } article
   *[other] { $units } articles
  }

## Unit in hand, bin proposed
offer-prompt = METTEZ EN
offer-hint = un défaut ? flashez CONTRÔLE
offer-clean = Propre et complet ? Flashez le bac.
offer-plate = Étiquette { $lpn }

## Inspect
inspect-title = Article { $lpn }
inspect-question = Question { $n }
inspect-hint = Flashez une carte, { $first } à { $last }.
inspect-unsure = Un doute ? Flashez la carte AIDE.
inspect-grade = État { $grade }

## Put
put-prompt = METTEZ EN
put-reason = État { $grade }, { $disposition }
put-hint = Flashez l'étiquette du bac.
put-because = { $why }, { $disposition }
why-not-announced = Non annoncé
why-not-on-order = Pas dans la commande
why-over-count = Un de plus que vendu
why-unmatched = Commande encore inconnue

## Dispositions
disposition-restock = remise en stock
disposition-refurbish = remise en état
disposition-repair = réparation
disposition-second-hand = seconde main
disposition-store-replenish = vers un magasin
disposition-cross-dock = vers une commande
disposition-return-to-vendor = retour fournisseur
disposition-liquidate = déstockage
disposition-donate = don
disposition-recycle = recyclage
disposition-destroy = destruction
disposition-return-to-customer = retour au client
disposition-quarantine = quarantaine
disposition-await-match = en attente de sa commande

## Said after a scan: the band and the list of last scans
say-signed-in = Bienvenue { $name }
say-signed-out = Fin d'équipe
say-parcel-opened = colis ouvert, commande { $order }, { $units ->
    [one] { $units } article attendu
   *[other] { $units } articles attendus
  }
say-blind-opened = non annoncé, ouvert
say-matched = appartient à la commande { $order }
say-unit-identified = { $what }, étiquette { $lpn }
say-unit-not-announced = { $what } : non annoncé, dans la commande
say-unit-not-on-order = { $what } : pas dans la commande
say-unit-over-count = { $what } : un de plus que vendu
say-unit-unmatched = { $what } : commande encore inconnue
say-questions = questions ouvertes
say-answered = { $label }
say-graded = état { $grade }, va en { $bin }
say-binned = mis en { $bin }
say-parcel-closed = colis clos, { $units ->
    [one] { $units } article
   *[other] { $units } articles
  }
say-parcel-closed-short = colis clos, { $missing ->
    [one] { $missing } article manque
   *[other] { $missing } articles manquent
  }
say-parcel-closed-out = { $out ->
    [one] colis clos, { $out } colis encore attendu
   *[other] colis clos, { $out } colis encore attendus
  }
say-parcel-empty = colis clos, il était vide
say-reopened = colis { $parcel } rouvert
say-undone = { $events ->
    [one] dernière étape annulée
   *[other] dernière étape annulée, { $events } écritures
  }
say-again = lu deux fois, compté une fois
say-double-return =
    .short = déjà reçu ailleurs
    .what = { $lpn } a déjà été reçu, { $when }.
    .now = Mettez-le de côté : { $site }, poste { $station }, { $operator }.
    .safe = Rien n'est payé deux fois. Un dossier est ouvert.
say-scanner-ready = douchette { $device } prête

confirm-done =
    .short = la même carte encore le clôt
    .what = { $missing ->
        [one] { $missing } article annoncé n'a pas été flashé.
       *[other] { $missing } articles annoncés n'ont pas été flashés.
      }
    .now = Reflashez TERMINÉ pour clore, ou flashez l'article.
    .safe = Tout ce qui a été flashé est enregistré.
confirm-empty =
    .short = la même carte encore le clôt
    .what = Rien n'a été flashé dans ce colis.
    .now = Reflashez TERMINÉ s'il est vide, ou flashez le contenu.
    .safe = Le colis reste ouvert.
confirm-end =
    .short = la même carte encore termine
    .what = Un colis est encore ouvert.
    .now = Reflashez FIN pour le laisser ouvert, ou continuez.
    .safe = Il attend ici, avec tout ce qui a été flashé.
confirm-quit =
    .short = la même touche encore quitte
    .what = Un colis est encore ouvert.
    .now = Appuyez encore pour quitter, ou continuez à flasher.
    .safe = Il attend ici, avec tout ce qui a été flashé.

## Parcel closed
closed-prompt = COLIS CLOS
closed-units = { $units ->
    [one] { $units } article dans son bac
   *[other] { $units } articles dans leurs bacs
  }
closed-missing = { $missing ->
    [one] { $missing } article manque
   *[other] { $missing } articles manquent
  }
closed-next = Flashez le colis suivant.

## Shift ended
ended-prompt = FIN D'ÉQUIPE
ended-counts = { $parcels } colis, { $units ->
    [one] { $units } article
   *[other] { $units } articles
  }
ended-hint = Tout est enregistré. Flashez un badge pour reprendre.

## The four signals
signal-ok = OK
signal-done = TERMINÉ
signal-attention = ATTENTION
signal-stop = STOP
label-what = Constat
label-now = À faire
label-safe = Sûr

## STOP
stop-foot = Flashez OK ou AIDE, ou F12. Les autres lectures sont refusées.
stop-refused = Lectures refusées ici : { $n }
stop-disk-full =
    .title = DISQUE PLEIN
    .what = Le disque du poste est plein. Lecture non enregistrée.
    .now = Appelez le chef d'équipe ou un technicien, puis OK.
    .safe = Tout ce qui était validé avant est enregistré.
stop-locked =
    .title = FICHIER OCCUPÉ
    .what = Un autre programme tient le journal. Rien n'est écrit.
    .now = Fermez-le, flashez OK, puis flashez de nouveau.
    .safe = Tout ce qui était validé avant est enregistré.
stop-io =
    .title = PANNE DISQUE
    .what = Le disque n'a pas pris la lecture : non enregistrée.
    .now = Appelez un technicien. Flashez OK pour réessayer.
    .safe = Tout ce qui était validé avant est enregistré.
stop-not-stored =
    .title = NON ENREGISTRÉ
    .what = La lecture de { $code } n'est pas enregistrée.
    .now = OK, puis reflashez. Encore ? Appelez un technicien.
    .safe = Tout ce qui était validé avant est enregistré.
stop-wrong-bin =
    .title = MAUVAIS BAC
    .what = { $bin }, flashé deux fois, n'est pas son bac.
    .now = Flashez OK, mettez-le en { $wanted }, flashez ce bac.
    .safe = Rien n'a été déplacé dans le journal.

## Warnings of the station
warn-disk-slow =
    .what = Le disque est lent. La lecture est en cours d'écriture.
    .now = Attendez le signe avant la lecture suivante.
    .safe = Rien n'est validé sans être enregistré.
warn-disk-low =
    .what = Il reste { $gib } Gio sur le disque.
    .now = Prévenez un technicien aujourd'hui. Continuez à flasher.
    .safe = Toutes les lectures sont enregistrées.
warn-central-silent =
    .what = Le serveur ne répond plus depuis { $minutes ->
        [one] { $minutes } minute.
       *[other] { $minutes } minutes.
      }
    .now = Continuez à flasher.
    .safe = { $n ->
        [one] { $n } lecture est gardée ici et sera envoyée.
       *[other] { $n } lectures sont gardées ici et seront envoyées.
      }
warn-scanner-lost =
    .short = douchette { $device } disparue
    .what = La douchette { $device } a disparu à { $when }.
    .now = Vérifiez le câble, sinon autre douchette ou clavier.
    .safe = Votre colis reste ouvert.
warn-scanner-cut =
    .short = douchette { $device } disparue
    .what = La douchette { $device } a disparu à { $when }.
    .now = Vérifiez le câble, sinon autre douchette ou clavier.
    .safe = La lecture en cours n'a pas été comptée.
warn-scanner-idle =
    .short = douchette { $device } disparue
    .what = La douchette { $device } a disparu à { $when }.
    .now = Vérifiez le câble, sinon autre douchette ou clavier.
    .safe = Tout ce qui a été flashé est enregistré.
warn-window-small =
    .what = Cette fenêtre est trop petite : { $width } x { $height }.
    .now = Agrandissez-la à { $min_width } x { $min_height } au moins.
    .safe = La lecture continue pendant ce temps.

## Refused scans, by cause
refused-not-signed-in =
    .short = personne n'est connecté
    .what = Personne n'est connecté à ce poste.
    .now = Flashez votre badge, puis { $code } de nouveau.
    .safe = Rien n'a été enregistré pour lui.
refused-unknown-badge =
    .short = badge inconnu ici
    .what = Ce badge n'est pas connu à ce poste.
    .now = Flashez un autre badge ou voyez le chef d'équipe.
    .safe = Rien n'a été enregistré à son nom.
refused-default-badge =
    .short = badge d'exemple
    .what = Ce badge d'exemple est fermé sur un site avec serveur.
    .now = Flashez le vôtre, ou demandez-le au chef d'équipe.
    .safe = Rien n'a été enregistré à son nom.
refused-role-too-low =
    .short = réservé au chef d'équipe
    .what = Votre badge n'ouvre pas cette étape.
    .now = Demandez au chef d'équipe de flasher son badge.
    .safe = Votre travail reste où il en était.
refused-unknown-code =
    .short = code inconnu
    .what = { $code } n'est pas un code connu ici.
    .now = Flashez un autre code dessus, ou la carte AIDE.
    .safe = Rien n'a changé.
refused-check-digit =
    .short = abîmé ou mal lu
    .what = { $code } est mal lu : sa clé de contrôle est fausse.
    .now = Flashez-le encore, ou un autre code dessus.
    .safe = Rien n'a changé.
refused-charset =
    .short = caractères illisibles
    .what = La lecture a des signes qu'aucune étiquette ne porte.
    .now = Reflashez. Encore ? Appelez un technicien.
    .safe = Rien n'a changé.
refused-too-long =
    .short = trop long pour une étiquette
    .what = La lecture est plus longue que toute étiquette.
    .now = Flashez un seul code, à l'écart des autres.
    .safe = Rien n'a changé.
refused-glued =
    .short = deux codes en une lecture
    .what = Deux codes lus en un : { $other }.
    .now = Flashez-les l'un après l'autre.
    .safe = Aucun des deux n'a été compté.
refused-empty =
    .short = lecture vide
    .what = La douchette a envoyé une lecture vide.
    .now = Flashez de nouveau.
    .safe = Rien n'a changé.
refused-already-received =
    .short = déjà reçu
    .what = { $code } a été reçu { $when }.
    .now = Mettez-le de côté : poste { $station }, { $operator } l'a eu.
    .safe = La première réception reste, rien n'est ajouté.
refused-parcel-still-open =
    .short = un autre colis est ouvert
    .what = Le colis { $other } est encore ouvert.
    .now = Finissez-le ou TERMINÉ, puis flashez { $code }.
    .safe = Les deux colis sont comme avant.
refused-parcel-expected =
    .short = il faut un colis
    .what = { $code } n'est pas un colis. Le colis d'abord.
    .now = Flashez l'étiquette du colis.
    .safe = Rien n'a changé.
refused-unit-in-hand =
    .short = un article est en main
    .what = L'article en main n'a pas encore de bac.
    .now = Flashez { $wanted }, ou ANNULER si c'est une erreur.
    .safe = L'article et son étiquette sont enregistrés.
refused-unit-expected =
    .short = il faut un article
    .what = { $code } n'est pas un article de ce colis.
    .now = Flashez le suivant, ou TERMINÉ s'il n'y en a plus.
    .safe = Le colis reste ouvert.
refused-no-unit-in-hand =
    .short = aucun article en main
    .what = { $code } flashé, mais aucun article en main.
    .now = Flashez d'abord l'article, puis son bac.
    .safe = Rien n'a été déplacé.
refused-wrong-bin =
    .short = mauvais bac, rien de déplacé
    .what = L'article va en { $wanted }, pas en { $code }.
    .now = Flashez { $wanted }.
    .safe = Rien n'a été déplacé.
refused-unknown-bin =
    .short = bac inconnu
    .what = { $code } n'est pas un bac de ce site.
    .now = Flashez { $wanted }.
    .safe = Rien n'a été déplacé.
refused-other-client =
    .short = bac d'un autre client
    .what = { $code } est le bac d'un autre client.
    .now = Flashez { $wanted }.
    .safe = Rien n'a été déplacé.
refused-unknown-card =
    .short = carte d'une autre version
    .what = Cette carte vient d'une autre version de la planche.
    .now = Réimprimez la planche, ou prenez les touches en bas.
    .safe = Rien n'a changé.
refused-not-here =
    .short = carte sans effet ici
    .what = Cette carte n'a pas d'effet à cette étape.
    .now = Flashez ce que l'écran demande.
    .safe = Rien n'a changé.
refused-nothing-to-undo =
    .short = rien à annuler
    .what = Aucune étape à vous ne reste à annuler.
    .now = Continuez à flasher.
    .safe = Ce qui est enregistré le reste.
refused-answer-expected =
    .short = il faut une réponse
    .what = La question n'a pas encore de réponse.
    .now = Flashez la carte d'une réponse à l'écran.
    .safe = L'article et ses réponses sont enregistrés.
refused-choice-expected =
    .short = il faut un choix
    .what = La commande n'est pas encore choisie.
    .now = Flashez la carte d'une des commandes à l'écran.
    .safe = Rien n'a changé.
refused-other-scanner =
    .short = autre douchette, article en main
    .what = La douchette { $other } a un article en main.
    .now = Attendez son bac, ou prenez cette douchette.
    .safe = L'article en main n'a pas changé.
refused-stop-shown =
    .short = refusé pendant le STOP
    .what = Un STOP est à l'écran.
    .now = Flashez OK ou F12, puis flashez { $code }.
    .safe = Cette lecture n'a pas été comptée.
refused-too-many =
    .short = trop à la fois
    .what = Trop de lectures à la fois pour ce poste.
    .now = Attendez un instant, reprenez après le dernier signe.
    .safe = Chaque lecture signée dans la liste est enregistrée.
refused-book-failed =
    .short = commandes illisibles
    .what = Les commandes n'ont pas pu être lues pour { $code }.
    .now = Reflashez. Encore ? Appelez un technicien.
    .safe = Tout ce qui a été flashé est enregistré.
refused-disk-full =
    .short = disque plein, non ouvert
    .what = Le disque est plein, aucun nouveau colis possible.
    .now = Appelez un technicien. Le colis ouvert peut finir.
    .safe = Tout ce qui est validé est enregistré.

## Header
header-station = { $site } { $station }
header-parcels = Colis { $n }
header-units = Articles { $n }
header-scanner-ready = douchette
header-scanner-lost = sans douchette
header-scanner-wedge = clavier
sync-in-step = à jour
sync-waiting = { $n } en attente, { $minutes } min
sync-not-stored = non enregistré
sync-alone = sans serveur
sync-refused = refus du serveur, { $n } en attente
header-device-lost = { $device } disparue
header-device-down = { $device } en panne
header-disk-low = disque bas
header-disk-full = disque plein

## Trail
trail-parcel = Colis
trail-item = Article
trail-grade = État
trail-bin = Bac

## Last scans
last-title = Dernières lectures
last-empty = Aucune lecture encore.

## Footer: cards and keys
footer-cards = Cartes :
card-ok = OK
card-undo = ANNULER
card-done = TERMINÉ
card-end = FIN
card-help = AIDE
card-inspect = CONTRÔLE
card-no-label = SANS ÉTIQUETTE
card-answer = RÉPONSE { $letter }
card-french = FRANÇAIS
card-english = ENGLISH
card-language = LANGUE
card-quit = QUITTER
key-help = aide
key-language = English
key-quit = quitter
typed = saisi :

## Help
help-title-badge = Aide : badge
help-title-receive = Aide : prêt pour un colis
help-title-choose = Aide : quelle commande
help-title-item = Aide : articles du colis
help-title-offer = Aide : article en main
help-title-inspect = Aide : questions
help-title-put = Aide : bac
help-title-stop = Aide : STOP
help-close = { $key } ferme cette aide. La lecture continue.

## When and by whom
when-today = aujourd'hui à { $time }
when-day = le { $day } { $month } à { $time }
when-year = le { $day } { $month } { $year } à { $time }
month-1 = janvier
month-2 = février
month-3 = mars
month-4 = avril
month-5 = mai
month-6 = juin
month-7 = juillet
month-8 = août
month-9 = septembre
month-10 = octobre
month-11 = novembre
month-12 = décembre
somebody = quelqu'un

## Panels beside the step
panel-parcel = Ce colis
panel-station = Ce poste
panel-parcels = Derniers colis
panel-parcels-empty = Aucun colis encore.
panel-open = ouvert
panel-units = { $units ->
    [one] { $units } article
   *[other] { $units } articles
  }

## Help: the step in words, and what each card does
help-step-badge = Flashez le badge que vous portez. Le poste parle alors votre langue et garde votre travail à votre nom.
help-step-receive = Prenez un colis et flashez n'importe quelle étiquette. Le poste trouve la commande. Deux étiquettes ? D'abord celle du retour.
help-step-choose = Plusieurs commandes portent ce numéro. Comparez client et commande avec le bon, puis flashez la carte de la lettre.
help-step-item = Ouvrez le colis et flashez le code de chaque article, un par un. Chacun reçoit une étiquette. Plus rien : flashez TERMINÉ.
help-step-offer = Regardez l'article. Propre et complet : mettez-le dans le bac affiché et flashez ce bac. Sinon : flashez CONTRÔLE.
help-step-inspect = Regardez l'article et répondez ce que vous voyez. Flashez la carte de la lettre. L'état en découle tout seul.
help-step-put = Collez l'étiquette, mettez l'article dans le bac affiché et flashez ce bac. Aucun autre bac n'est pris.
help-step-stop = Lisez les trois lignes et faites ce que dit la deuxième. Puis flashez OK. Rien d'autre n'est pris avant.
does-ok = quitte cet écran
does-inspect = défaut : les questions
does-done = plus rien dans ce colis
does-no-label = un colis sans étiquette
does-answer = la réponse de la case
does-undo = annule la dernière étape
does-end = termine votre service ici
does-help = ouvre et ferme cette aide
does-language = l'autre langue
does-quit = quitte le programme
