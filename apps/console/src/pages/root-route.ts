import { createRootRoute } from '@tanstack/react-router';
import { PageError } from '../kit/PageError.js';
import { PageMissing } from '../kit/PageMissing.js';

/** The parent of every page; the router gives it the frame. */
export const rootRoute = createRootRoute({ errorComponent: PageError, notFoundComponent: PageMissing });
