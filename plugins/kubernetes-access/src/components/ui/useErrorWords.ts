import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import { isSignedOut, isUnreachable, messageOf } from '../../format';
import { kubernetesAccessTranslationRef } from '../../translation';

/** Why something failed, and what to do about it: what browsers and sign-ins say helps nobody. */
export function useErrorWords(): (error: Error) => string {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  return error => {
    if (isUnreachable(error)) {
      return t('ui.unreachable');
    }
    return isSignedOut(error) ? t('ui.signedOut') : messageOf(error);
  };
}
