-- newer generation of public.agents
ALTER TABLE public.agents
    ADD sampling_params jsonb NOT NULL DEFAULT '{}',
    ADD assistant_tool_ids uuid[] NOT NULL DEFAULT '{}',
    ADD is_global boolean NOT NULL DEFAULT true;
UPDATE public.agents
SET    sampling_params = jsonb_strip_nulls(jsonb_build_object('temperature', temperature, 'max_tokens', max_tokens));
ALTER TABLE public.agents DROP temperature, DROP max_tokens;
