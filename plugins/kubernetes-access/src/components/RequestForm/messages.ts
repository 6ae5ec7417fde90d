/** What the form says. Part of the plugin's translations, under `form`. */
export const formMessages = {
  title: 'Ask for access',
  where: 'Where',
  whereMissing: 'Choose where you need access.',
  what: 'What',
  levelExec:
    'A shell: you can run commands inside the containers of these pods, as the user that the container runs as.',
  duration: 'How long',
  durationChips: 'Common durations',
  durationHelp: 'From {{min}} to {{max}}, e.g. “45 min” or “1 h 30 min”.',
  durationUnreadable:
    'This is not a duration. Write e.g. “45 min” or “1 h 30 min”.',
  durationTooShort: 'At least {{min}}.',
  durationTooLong: 'At most {{max}}.',
  reason: 'Why',
  reasonPlaceholder: 'What is wrong, and what do you want to look at or do?',
  reasonHelp:
    'The approvers read this, and it stays on record. At least {{min}} characters.',
  reasonTooShort_one: '{{count}} more character is needed.',
  reasonTooShort_other: '{{count}} more characters are needed.',
  reasonTooLong_one: '{{count}} character too many.',
  reasonTooLong_other: '{{count}} characters too many.',
  reasonCount: '{{length}} / {{max}}',
  send: 'Send request',
  sending: 'Asking …',
  failed: 'Your request could not be made.',
  podsMatch_one: '{{count}} pod matches now, and those that replace it.',
  podsMatch_other: '{{count}} pods match now, and those that replace them.',
  podsNone:
    'No pod matches now. The access will reach those that come while it lasts.',
  podsMost: 'Only the first {{max}} are reached.',
  podsMore: 'Show all {{all}}',
  podsFewer: 'Show fewer',
  restarts_one: '{{count}} restart',
  restarts_other: '{{count}} restarts',
  whoTitle: 'Who decides',
  whoOne: '{{people}}, for {{owners}}. One approval is enough.',
  whoSeveral: '{{people}}, for {{owners}}. {{needed}} of them must approve.',
  whoNotice: 'They see it as soon as you ask. You cannot approve it yourself.',
  recordedTitle: 'What is recorded',
  recorded:
    'Who asked, why, who decided and when, and each terminal with what it shows. What you type is not recorded where the terminal does not show it, as at a password prompt.',
  endTitle: 'When it ends',
  endAfter:
    'The time starts with the approval and ends {{duration}} later: open terminals close and the rights are removed. You can end it sooner.',
  endUnknown:
    'The time starts with the approval. When it is up, open terminals close and the rights are removed. You can end it sooner.',
  endPending: 'Without a decision, the request lapses after {{duration}}.',
} as const;
