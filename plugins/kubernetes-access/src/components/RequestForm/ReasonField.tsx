import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import type { RequestLimits } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import TextField from '@material-ui/core/TextField';
import type { Theme } from '@material-ui/core/styles';
import { makeStyles } from '@material-ui/core/styles';
import { kubernetesAccessTranslationRef } from '../../translation';
import type { FieldProblem } from './requestForm';

const useStyles = makeStyles((theme: Theme) => ({
  help: {
    display: 'flex',
    justifyContent: 'space-between',
    gap: theme.spacing(2),
  },
  count: { whiteSpace: 'nowrap', fontVariantNumeric: 'tabular-nums' },
}));

/** By which others lead into the form. */
export const REASON_FIELD_ID = 'kubernetes-access-reason';

interface ReasonFieldProps {
  value: string;
  limits: RequestLimits;
  problem?: Extract<FieldProblem, { field: 'reason' }>;
  /** Whether the problem is to be shown in red: not while somebody has only begun to write. */
  isAlarming: boolean;
  inputRef: React.Ref<HTMLTextAreaElement>;
  onChange(reason: string): void;
  onLeave(): void;
}

/** Why, in the requester's own words. */
export function ReasonField(props: ReasonFieldProps) {
  const { value, limits } = props;
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const classes = useStyles();
  return (
    <TextField
      id={REASON_FIELD_ID}
      label={t('form.reason')}
      placeholder={t('form.reasonPlaceholder')}
      value={value}
      onChange={event => props.onChange(event.target.value)}
      onBlur={props.onLeave}
      error={props.problem !== undefined && props.isAlarming}
      helperText={
        <span className={classes.help}>
          <span aria-live="polite">{helpText()}</span>
          <span className={classes.count}>
            {t('form.reasonCount', {
              length: String(value.trim().length),
              max: String(limits.maxReasonLength),
            })}
          </span>
        </span>
      }
      inputRef={props.inputRef}
      InputLabelProps={{ shrink: true }}
      variant="outlined"
      multiline
      minRows={3}
      maxRows={12}
      fullWidth
    />
  );

  function helpText(): string {
    if (!props.problem || (!value && !props.isAlarming)) {
      return t('form.reasonHelp', { min: String(limits.minReasonLength) });
    }
    return props.problem.kind === 'too-short'
      ? t('form.reasonTooShort', { count: props.problem.by })
      : t('form.reasonTooLong', { count: props.problem.by });
  }
}
