-- the agent was switched off
UPDATE public.agents SET status = 'disabled' WHERE id = 'a0000000-0000-4000-a000-000000000001';
