namespace Attune.Modules.Enforcements.Actions;

internal sealed class ActionSecrets(IActionRepository actions) : IParameterSecrets
{
    public async Task<ParameterSecrets> OfAsync(string? action, CancellationToken cancellationToken) =>
        action is not null && await actions.FindAsync(action, cancellationToken) is { ParamSchema: { } schema }
            ? new(schema)
            : ParameterSecrets.ByName;
}
