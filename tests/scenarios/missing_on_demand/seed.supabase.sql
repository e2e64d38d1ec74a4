-- newer generation: one missing agent is synced on demand only, the other at startup
ALTER TABLE public.agents
    ADD sampling_params jsonb NOT NULL DEFAULT '{}',
    ADD assistant_tool_ids uuid[] NOT NULL DEFAULT '{}',
    ADD is_global boolean NOT NULL DEFAULT true;
UPDATE public.agents
SET    sampling_params = jsonb_strip_nulls(jsonb_build_object('temperature', temperature, 'max_tokens', max_tokens));
ALTER TABLE public.agents DROP temperature, DROP max_tokens;
UPDATE public.agents SET is_global = false WHERE id IN ('a0000000-0000-4000-a000-000000000001', 'a0000000-0000-4000-a000-000000000005');
UPDATE public.agents SET langgraph_assistant_id = NULL WHERE id = 'a0000000-0000-4000-a000-000000000001';
