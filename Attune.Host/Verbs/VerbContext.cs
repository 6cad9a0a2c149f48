using Attune.Host.Starting;

namespace Attune.Host.Verbs;

/// <summary>What every verb is given.</summary>
/// <param name="settings">The settings that the command line says.</param>
/// <param name="output">For results alone, so that they can be piped.</param>
/// <param name="error">For what is said to people.</param>
internal sealed class VerbContext(IReadOnlyDictionary<string, string?> settings, TextWriter output, TextWriter error)
{
    private IConfiguration? _configuration;

    public TextWriter Output => output;

    public TextWriter Error => error;

    /// <summary>Read when it is first wanted: help is shown beside a settings file that cannot be read, too.</summary>
    /// <exception cref="StartException">A file of settings cannot be read.</exception>
    public IConfiguration Configuration => _configuration ??= HostConfiguration.Build(settings);
}
