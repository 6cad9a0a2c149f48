using Attune.Modules.Enforcements;
using Attune.Modules.Enforcements.Actions;

namespace Attune.Tests.Web.Fakes;

/// <summary>What the module says of the secrets of the actions that a test has.</summary>
public sealed class FakeSecrets(IActionRepository actions) : IParameterSecrets
{
    private readonly ActionSecrets _module = new(actions);

    public Task<ParameterSecrets> OfAsync(string? action, CancellationToken cancellationToken) => _module.OfAsync(action, cancellationToken);
}
