# What the screens say, in English. Grouped by screen. A text of three lines has .what (what
# happened, naming the thing), .now (what to do, a verb first) and .safe (what is safe); a refused
# scan has .short too, for the list of last scans. Three-line texts: at most 60 characters a line.

## Badge
badge-prompt = SCAN YOUR BADGE
badge-hint = The help card and the language cards work before you sign in.
badge-station = Site { $site }, station { $station }
badge-resume = { $name } left parcel { $parcel } open here.

## Receive: ready for a parcel
receive-prompt = SCAN PARCEL
receive-hint = Any label: carrier, return slip or order. No label? Scan card NO LABEL.
receive-empty = No parcel yet. Scan the first one.

## Parcel open
item-prompt = SCAN ITEM
item-order = Order { $order }, { $client }
item-progress = { $n } of { $m }
item-lines-title = Expected in this parcel
item-line-done = in { $bin }
item-line-open = to come
item-not-announced = Not announced: open it and scan what is inside
item-no-order = No order known yet. Scan what is inside.
item-parcels-out = { $out ->
    [one] { $out } parcel of { $m } still out
   *[other] { $out } parcels of { $m } still out
  }
item-hint = Nothing more inside? Scan card DONE.

## What kind of parcel it is
kind-announced = Announced return
kind-preprinted = Return with our label
kind-blind = Not announced
kind-rts = Undelivered, came back
kind-store-transfer = From a store
kind-trade-in = Trade-in
kind-misrouted = Not for this site

## Choose among orders
choose-prompt = WHICH ORDER?
choose-hint = Scan the card of the order that fits, B to { $last }.
choose-tile = { $order }, { $client }, { $units ->
    [one] { $units } item
   *[other] { $units } items
  }

## Unit in hand, bin proposed
offer-prompt = PUT IN
offer-hint = not clean? scan card INSPECT
offer-clean = Clean and complete? Scan the bin.
offer-plate = Label { $lpn }

## Inspect
inspect-title = Item { $lpn }
inspect-question = Question { $n }
inspect-hint = Scan card { $first } to { $last }.
inspect-unsure = Not sure? Scan card HELP.
inspect-grade = Grade { $grade }

## Put
put-prompt = PUT IN
put-reason = Grade { $grade }, { $disposition }
put-hint = Scan the label of the bin.
put-because = { $why }, { $disposition }
why-not-announced = Not announced
why-not-on-order = Not on the order
why-over-count = One more than was sold
why-unmatched = No order known yet

## Dispositions
disposition-restock = back to stock
disposition-refurbish = refurbish
disposition-repair = repair
disposition-second-hand = second hand
disposition-store-replenish = to a store
disposition-cross-dock = straight to an order
disposition-return-to-vendor = back to the supplier
disposition-liquidate = clearance
disposition-donate = donate
disposition-recycle = recycle
disposition-destroy = destroy
disposition-return-to-customer = back to the customer
disposition-quarantine = quarantine
disposition-await-match = waiting for its order

## Said after a scan: the band and the list of last scans
say-signed-in = Welcome { $name }
say-signed-out = Shift ended
say-parcel-opened = parcel open, order { $order }, { $units ->
    [one] { $units } item expected
   *[other] { $units } items expected
  }
say-blind-opened = not announced, opened
say-matched = belongs to order { $order }
say-unit-identified = { $what }, label { $lpn }
say-unit-not-announced = { $what }: not announced, on the order
say-unit-not-on-order = { $what }: not on the order
say-unit-over-count = { $what }: one more than was sold
say-unit-unmatched = { $what }: no order known yet
say-questions = questions opened
say-answered = { $label }
say-graded = grade { $grade }, goes to { $bin }
say-binned = put in { $bin }
say-parcel-closed = parcel closed, { $units ->
    [one] { $units } item
   *[other] { $units } items
  }
say-parcel-closed-short = parcel closed, { $missing ->
    [one] { $missing } item missing
   *[other] { $missing } items missing
  }
say-parcel-closed-out = { $out ->
    [one] parcel closed, { $out } parcel still out
   *[other] parcel closed, { $out } parcels still out
  }
say-parcel-empty = parcel closed, nothing was inside
say-reopened = parcel { $parcel } opened again
say-undone = { $events ->
    [one] last step taken back
   *[other] last step taken back, { $events } records
  }
say-again = read twice, counted once
say-double-return =
    .short = received elsewhere first
    .what = { $lpn } was received before, { $when }.
    .now = Set it aside: { $site }, station { $station }, { $operator }.
    .safe = Nothing is paid twice. A case is open for it.
say-scanner-ready = scanner { $device } is ready

confirm-done =
    .short = the same card again closes
    .what = { $missing ->
        [one] { $missing } announced item has not been scanned.
       *[other] { $missing } announced items have not been scanned.
      }
    .now = Scan DONE again to close, or scan the item.
    .safe = All that was scanned is stored.
confirm-empty =
    .short = the same card again closes
    .what = Nothing has been scanned in this parcel.
    .now = Scan DONE again if it is empty, or scan what is inside.
    .safe = The parcel is still open.
confirm-end =
    .short = the same card again ends
    .what = A parcel is still open.
    .now = Scan END again to leave it open, or go on scanning.
    .safe = It waits here, with all that was scanned.
confirm-quit =
    .short = the same key again quits
    .what = A parcel is still open.
    .now = Press the key again to quit, or go on scanning.
    .safe = It waits here, with all that was scanned.

## Parcel closed
closed-prompt = PARCEL CLOSED
closed-units = { $units ->
    [one] { $units } item in its bin
   *[other] { $units } items in their bins
  }
closed-missing = { $missing ->
    [one] { $missing } item missing
   *[other] { $missing } items missing
  }
closed-next = Scan the next parcel.

## Shift ended
ended-prompt = SHIFT ENDED
ended-counts = { $parcels ->
    [one] { $parcels } parcel
   *[other] { $parcels } parcels
  }, { $units ->
    [one] { $units } item
   *[other] { $units } items
  }
ended-hint = All is stored. Scan a badge to go on.

## The four signals
signal-ok = OK
signal-done = DONE
signal-attention = ATTENTION
signal-stop = STOP
label-what = What
label-now = Do now
label-safe = Safe

## STOP
stop-foot = Scan card OK or HELP, or press F12. Other scans are refused.
stop-refused = Scans refused here: { $n }
stop-disk-full =
    .title = DISK FULL
    .what = The disk of this station is full. The scan is not stored.
    .now = Call the lead or a technician, then scan OK.
    .safe = All that was shown as done before is stored.
stop-locked =
    .title = FILE IN USE
    .what = Another program holds the journal. The scan is not stored.
    .now = Close the other program, then scan OK and scan again.
    .safe = All that was shown as done before is stored.
stop-io =
    .title = DISK FAULT
    .what = The disk did not take the scan. It is not stored.
    .now = Call a technician. Scan OK to try once more.
    .safe = All that was shown as done before is stored.
stop-not-stored =
    .title = NOT STORED
    .what = The scan of { $code } is not stored.
    .now = Scan OK, then scan it again. Twice? Call a technician.
    .safe = All that was shown as done before is stored.
stop-wrong-bin =
    .title = WRONG BIN
    .what = { $bin }, scanned twice, is not the bin of this item.
    .now = Scan OK, then put it in { $wanted } and scan that bin.
    .safe = Nothing was moved in the records.

## Warnings of the station
warn-disk-slow =
    .what = The disk is slow. The scan is being written.
    .now = Wait for the sign before the next scan.
    .safe = Nothing is shown as done that is not stored.
warn-disk-low =
    .what = The disk has { $gib } GiB left.
    .now = Tell a technician today. Keep scanning.
    .safe = All scans are stored.
warn-central-silent =
    .what = The server has not answered for { $minutes ->
        [one] { $minutes } minute.
       *[other] { $minutes } minutes.
      }
    .now = Keep scanning.
    .safe = { $n ->
        [one] { $n } scan is stored here and will be sent.
       *[other] { $n } scans are stored here and will be sent.
      }
warn-scanner-lost =
    .short = scanner { $device } is gone
    .what = Scanner { $device } is gone since { $when }.
    .now = Check its cable, or use another scanner or the keyboard.
    .safe = Your parcel is still open.
warn-scanner-cut =
    .short = scanner { $device } is gone
    .what = Scanner { $device } is gone since { $when }.
    .now = Check its cable, or use another scanner or the keyboard.
    .safe = The scan it was sending was not counted.
warn-scanner-idle =
    .short = scanner { $device } is gone
    .what = Scanner { $device } is gone since { $when }.
    .now = Check its cable, or use another scanner or the keyboard.
    .safe = All that was scanned is stored.
warn-window-small =
    .what = This window is too small: { $width } x { $height }.
    .now = Make it at least { $min_width } x { $min_height }.
    .safe = Scanning goes on meanwhile.

## Refused scans, by cause
refused-not-signed-in =
    .short = nobody is signed in
    .what = Nobody is signed in at this station.
    .now = Scan your badge, then scan { $code } again.
    .safe = Nothing was recorded for it.
refused-unknown-badge =
    .short = badge not known here
    .what = This badge is not known at this station.
    .now = Scan another badge, or ask the lead to add it.
    .safe = Nothing was recorded under it.
refused-default-badge =
    .short = sample badge
    .what = This is a sample badge, closed at sites with a server.
    .now = Scan your own badge, or ask the lead for one.
    .safe = Nothing was recorded under it.
refused-role-too-low =
    .short = needs a lead
    .what = Your badge does not open this step.
    .now = Ask a lead to scan a badge here.
    .safe = Your work goes on where it was.
refused-unknown-code =
    .short = code not known
    .what = { $code } is no code known here.
    .now = Scan another code on it, or card HELP.
    .safe = Nothing was changed.
refused-check-digit =
    .short = damaged or misread
    .what = { $code } was misread: its check digit does not fit.
    .now = Scan it again, or scan another code on it.
    .safe = Nothing was changed.
refused-charset =
    .short = unreadable characters
    .what = The scan holds characters no label of ours has.
    .now = Scan it again. Twice? Call a technician.
    .safe = Nothing was changed.
refused-too-long =
    .short = too long for a label
    .what = The scan is longer than any label.
    .now = Scan one code only, held apart from the others.
    .safe = Nothing was changed.
refused-glued =
    .short = two codes in one scan
    .what = Two codes came as one: { $other }.
    .now = Scan them one after the other.
    .safe = Neither was counted.
refused-empty =
    .short = empty scan
    .what = The scanner sent an empty scan.
    .now = Scan it again.
    .safe = Nothing was changed.
refused-already-received =
    .short = received before
    .what = { $code } was received { $when }.
    .now = Set it aside: station { $station }, { $operator } had it.
    .safe = The first receipt stands, nothing was added.
refused-parcel-still-open =
    .short = another parcel is open
    .what = Parcel { $other } is still open.
    .now = Finish it or scan DONE, then scan { $code }.
    .safe = Both parcels are as they were.
refused-parcel-expected =
    .short = a parcel is wanted
    .what = { $code } is no parcel. A parcel comes first.
    .now = Scan the label of the parcel.
    .safe = Nothing was changed.
refused-unit-in-hand =
    .short = an item is in your hand
    .what = The item in your hand has no bin yet.
    .now = Scan { $wanted }, or card UNDO if it was a mistake.
    .safe = The item and its label are stored.
refused-unit-expected =
    .short = an item is wanted
    .what = { $code } is no item of this parcel.
    .now = Scan the next item, or DONE if there is none.
    .safe = The parcel is still open.
refused-no-unit-in-hand =
    .short = no item in hand
    .what = { $code } was scanned, but no item is in hand.
    .now = Scan the item first, then its bin.
    .safe = Nothing was moved.
refused-wrong-bin =
    .short = wrong bin, nothing moved
    .what = This item goes to { $wanted }, not to { $code }.
    .now = Scan { $wanted }.
    .safe = Nothing was moved.
refused-unknown-bin =
    .short = bin not known
    .what = { $code } is no bin of this site.
    .now = Scan { $wanted }.
    .safe = Nothing was moved.
refused-other-client =
    .short = bin of another client
    .what = { $code } holds the goods of another client.
    .now = Scan { $wanted }.
    .safe = Nothing was moved.
refused-unknown-card =
    .short = card of another version
    .what = This card is of another version of the sheet.
    .now = Print the card sheet again, or use the keys below.
    .safe = Nothing was changed.
refused-not-here =
    .short = card has no use here
    .what = That card has no use at this step.
    .now = Scan what the screen asks for.
    .safe = Nothing was changed.
refused-nothing-to-undo =
    .short = nothing to take back
    .what = There is no step of yours left to take back.
    .now = Go on scanning.
    .safe = All that was stored stays stored.
refused-answer-expected =
    .short = an answer is wanted
    .what = The question has no answer yet.
    .now = Scan the card of an answer on the screen.
    .safe = The item is stored, its answers too.
refused-choice-expected =
    .short = a choice is wanted
    .what = The order has not been chosen yet.
    .now = Scan the card of one of the orders shown.
    .safe = Nothing was changed.
refused-other-scanner =
    .short = other scanner, item in hand
    .what = Another scanner, { $other }, has an item in hand.
    .now = Wait for its bin, or use that scanner.
    .safe = The item in hand is untouched.
refused-stop-shown =
    .short = refused during STOP
    .what = A STOP is on the screen.
    .now = Scan card OK or press F12, then scan { $code }.
    .safe = This scan was not counted.
refused-too-many =
    .short = too many at once
    .what = More scans came than this station can take at once.
    .now = Wait a moment, then scan again from the last sign.
    .safe = Each scan with a sign in the list is stored.
refused-book-failed =
    .short = order book not readable
    .what = The order book could not be read for { $code }.
    .now = Scan it again. Twice? Call a technician.
    .safe = All that was scanned is stored.
refused-disk-full =
    .short = disk full, not opened
    .what = The disk is full, no new parcel can be opened.
    .now = Call a technician. An open parcel can be finished.
    .safe = All that was shown as done is stored.

## Header
header-station = { $site } { $station }
header-parcels = Parcels { $n }
header-units = Items { $n }
header-scanner-ready = scanner
header-scanner-lost = no scanner
header-scanner-wedge = keyboard
sync-in-step = in step
sync-waiting = { $n } waiting, { $minutes } min
sync-not-stored = not stored
sync-alone = no server
sync-refused = server refuses, { $n } waiting
header-device-lost = { $device } lost
header-device-down = { $device } down
header-disk-low = disk low
header-disk-full = disk full

## Trail
trail-parcel = Parcel
trail-item = Item
trail-grade = Grade
trail-bin = Bin

## Last scans
last-title = Last scans
last-empty = No scan yet.

## Footer: cards and keys
footer-cards = Cards:
card-ok = OK
card-undo = UNDO
card-done = DONE
card-end = END
card-help = HELP
card-inspect = INSPECT
card-no-label = NO LABEL
card-answer = ANSWER { $letter }
card-french = FRANÇAIS
card-english = ENGLISH
card-language = LANGUAGE
card-quit = QUIT
key-help = help
key-language = Français
key-quit = quit
typed = typed:

## Help
help-title-badge = Help: badge
help-title-receive = Help: ready for a parcel
help-title-choose = Help: which order
help-title-item = Help: items of the parcel
help-title-offer = Help: item in hand
help-title-inspect = Help: questions
help-title-put = Help: bin
help-title-stop = Help: STOP
help-close = { $key } closes this help. Scans go on.

## When and by whom
when-today = today at { $time }
when-day = on { $day } { $month } at { $time }
when-year = on { $day } { $month } { $year } at { $time }
month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December
somebody = somebody

## Panels beside the step
panel-parcel = This parcel
panel-station = This station
panel-parcels = Last parcels
panel-parcels-empty = No parcel yet.
panel-open = open
panel-units = { $units ->
    [one] { $units } item
   *[other] { $units } items
  }

## Help: the step in words, and what each card does
help-step-badge = Scan the badge you wear. The station then speaks your language and keeps your work under your name.
help-step-receive = Take one parcel and scan any label on it. The station finds the order. Two labels? The return label first.
help-step-choose = Several orders carry this number. Compare the client and the order number with the slip, then scan the card of the letter.
help-step-item = Open the parcel and scan the barcode of each item, one at a time. Each gets a label. Nothing more inside: scan DONE.
help-step-offer = Look at the item. Clean and complete: put it in the bin shown and scan that bin. Anything else: scan INSPECT.
help-step-inspect = Look at the item and answer what you see. Scan the card of the letter on the tile. The grade follows by itself.
help-step-put = Stick the label on the item, put it in the bin shown and scan the bin. Another bin is not taken.
help-step-stop = Read the three lines and do what the second one says. Then scan OK. Nothing else is taken before that.
does-ok = leaves this screen
does-inspect = not clean: asks questions
does-done = nothing more in this parcel
does-no-label = a parcel without any label
does-answer = the answer on that tile
does-undo = takes the last step back
does-end = ends your shift here
does-help = opens and closes this help
does-language = the other language
does-quit = leaves the program
