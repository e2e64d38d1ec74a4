-- two agents with content that JSON cannot hold, next to a good one
UPDATE public.agents SET temperature = 'NaN' WHERE id IN ('a0000000-0000-4000-a000-000000000001', 'a0000000-0000-4000-a000-000000000003');
