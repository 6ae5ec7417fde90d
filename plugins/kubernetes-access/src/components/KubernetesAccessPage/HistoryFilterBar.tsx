import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import Button from '@material-ui/core/Button';
import InputAdornment from '@material-ui/core/InputAdornment';
import TextField from '@material-ui/core/TextField';
import type { Theme } from '@material-ui/core/styles';
import { makeStyles } from '@material-ui/core/styles';
import SearchIcon from '@material-ui/icons/Search';
import { useEffect, useId, useState } from 'react';
import { kubernetesAccessTranslationRef } from '../../translation';
import type { HistoryFilters, Span } from './historyFilters';
import { isFiltered, MAX_SEARCH_LENGTH } from './historyFilters';
import type { PhaseFilter } from './phaseFilters';

/** Whoever types is not asked for after every letter. */
const PAUSE_MS = 300;

const useStyles = makeStyles((theme: Theme) => ({
  root: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(2),
    // On the ground of the page, secondary text is a shade too pale.
    '& .MuiFormLabel-root': { color: theme.palette.text.primary },
  },
  search: { flex: '1 1 260px', maxWidth: 440 },
  choice: {
    flex: '0 1 190px',
    minWidth: 150,
    // Beside each other under the search.
    [theme.breakpoints.down('xs')]: { flex: '1 1 40%', minWidth: 0 },
  },
}));

const PHASES: Record<PhaseFilter, `ui.phase${string}`> = {
  waiting: 'ui.phasePending',
  approved: 'ui.phaseApproved',
  active: 'ui.phaseActive',
  ended: 'ui.phaseEnded',
  denied: 'ui.phaseDenied',
  failed: 'ui.phaseFailed',
};

interface HistoryFilterBarProps {
  filters: HistoryFilters;
  narrow(
    change: Partial<HistoryFilters>,
    options?: { replace?: boolean },
  ): void;
  clear(): void;
}

/** What narrows the history. */
export function HistoryFilterBar(props: HistoryFilterBarProps) {
  const { filters, narrow, clear } = props;
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const classes = useStyles();
  const id = useId();
  return (
    <div role="search" className={classes.root}>
      <SearchField id={`${id}-search`} filters={filters} narrow={narrow} />
      <TextField
        id={`${id}-phase`}
        select
        SelectProps={{ native: true }}
        variant="outlined"
        size="small"
        label={t('page.historyPhase')}
        InputLabelProps={{ shrink: true }}
        className={classes.choice}
        value={filters.phase ?? ''}
        onChange={event =>
          narrow({ phase: (event.target.value || undefined) as PhaseFilter })
        }
      >
        <option value="">{t('page.historyPhaseAny')}</option>
        {Object.entries(PHASES).map(([phase, key]) => (
          <option key={phase} value={phase}>
            {t(key as 'ui.phasePending')}
          </option>
        ))}
      </TextField>
      <TextField
        id={`${id}-since`}
        select
        SelectProps={{ native: true }}
        variant="outlined"
        size="small"
        label={t('page.historySince')}
        InputLabelProps={{ shrink: true }}
        className={classes.choice}
        value={filters.since ?? ''}
        onChange={event =>
          narrow({ since: (event.target.value || undefined) as Span })
        }
      >
        <option value="">{t('page.historySinceAny')}</option>
        <option value="day">{t('page.historySinceDay')}</option>
        <option value="week">{t('page.historySinceWeek')}</option>
        <option value="month">{t('page.historySinceMonth')}</option>
      </TextField>
      {isFiltered(filters) && (
        <Button onClick={clear}>{t('page.historyClear')}</Button>
      )}
    </div>
  );
}

function SearchField(
  props: { id: string } & Pick<HistoryFilterBarProps, 'filters' | 'narrow'>,
) {
  const { filters, narrow } = props;
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const classes = useStyles();
  const [text, setText] = useState(filters.search);
  const [asked, setAsked] = useState(filters.search);
  if (asked !== filters.search) {
    // The address was changed by something else, such as "back".
    setAsked(filters.search);
    setText(filters.search);
  }
  useEffect(() => {
    if (text === asked) {
      return undefined;
    }
    const timer = setTimeout(() => {
      setAsked(text);
      narrow({ search: text }, { replace: true });
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text, asked, narrow]);
  return (
    <TextField
      id={props.id}
      type="search"
      variant="outlined"
      size="small"
      label={t('page.historySearch')}
      placeholder={t('page.historySearchHint')}
      className={classes.search}
      value={text}
      onChange={event => setText(event.target.value)}
      inputProps={{ maxLength: MAX_SEARCH_LENGTH }}
      InputLabelProps={{ shrink: true }}
      InputProps={{
        startAdornment: (
          <InputAdornment position="start">
            <SearchIcon fontSize="small" color="disabled" aria-hidden />
          </InputAdornment>
        ),
      }}
    />
  );
}
