namespace FocalSharp.Models.Catalog.Fetching;

/// <summary>
/// The command line that starts npm. On Windows npm is a batch file, whose arguments the command processor reads once more (<c>&amp;</c>, <c>%</c>, spaces),
/// so that its script is run by Node.js itself where both are found.
/// </summary>
/// <param name="FileName">The program to start.</param>
/// <param name="Arguments">Its arguments before npm's own; each is one argument.</param>
/// <param name="CommandLine">The whole command line if the command processor has to parse it; null if the arguments are passed as they are.</param>
internal sealed record NpmCommand(string FileName, IReadOnlyList<string> Arguments, string? CommandLine = null)
{
    private static readonly string[] WindowsExtensions = [".cmd", ".exe", ".bat"];

    /// <summary>Finds npm and creates the command.</summary>
    /// <param name="executable">A path, or a name to search for in the search path.</param>
    /// <param name="arguments">npm's arguments. They must not contain quotes or percent signs, which the command processor would interpret.</param>
    /// <param name="system">The operating system.</param>
    /// <returns>The command, or null if there is no such program.</returns>
    public static NpmCommand? Create(string executable, IReadOnlyList<string> arguments, NpmSystem system)
    {
        if (Find(executable, system) is not { } npm)
        {
            return null;
        }

        if (!system.IsWindows || npm.EndsWith(".exe", StringComparison.OrdinalIgnoreCase))
        {
            return new NpmCommand(npm, arguments);
        }

        // The installer puts node.exe, npm.cmd and the script into one folder.
        string folder = npm[..(npm.LastIndexOf('\\') + 1)];
        string node = folder + "node.exe";
        string script = folder + @"node_modules\npm\bin\npm-cli.js";
        if (system.Exists(node) && system.Exists(script))
        {
            return new NpmCommand(node, [script, .. arguments]);
        }

        // In quotes, spaces and & are literal; the outer pair is removed by /s.
        string quoted = string.Join(' ', arguments.Prepend(npm).Select(argument => $"\"{argument}\""));
        return new NpmCommand("cmd.exe", [], $"/d /s /c \"{quoted}\"");
    }

    private static string? Find(string executable, NpmSystem system)
    {
        string name = system.IsWindows ? executable.Replace('/', '\\') : executable;
        char separator = system.IsWindows ? '\\' : '/';
        if (name.Contains(separator, StringComparison.Ordinal))
        {
            return GetNames(name, system).FirstOrDefault(system.Exists);
        }

        return system.SearchPath.Split(system.IsWindows ? ';' : ':', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(folder => system.IsWindows ? folder.Trim('"').Replace('/', '\\') : folder)
            .Where(folder => IsRooted(folder, system))
            .SelectMany(folder => GetNames(folder.TrimEnd(separator) + separator + name, system))
            .FirstOrDefault(system.Exists);
    }

    // On Windows a file without an extension is npm's script for other shells, which cannot be started.
    private static IEnumerable<string> GetNames(string path, NpmSystem system) =>
        !system.IsWindows || Array.Exists(WindowsExtensions, extension => path.EndsWith(extension, StringComparison.OrdinalIgnoreCase))
            ? [path]
            : WindowsExtensions.Select(extension => path + extension);

    private static bool IsRooted(string folder, NpmSystem system) => system.IsWindows
        ? folder.StartsWith(@"\\", StringComparison.Ordinal) || (folder.Length > 2 && char.IsAsciiLetter(folder[0]) && folder[1] == ':' && folder[2] == '\\')
        : folder.StartsWith('/');
}

/// <summary>What starting npm depends on.</summary>
/// <param name="IsWindows">Whether it is Windows.</param>
/// <param name="SearchPath">The variable <c>PATH</c>.</param>
/// <param name="Exists">Returns whether a file exists.</param>
internal sealed record NpmSystem(bool IsWindows, string SearchPath, Func<string, bool> Exists)
{
    /// <summary>Gets this machine's.</summary>
    public static NpmSystem Current => new(OperatingSystem.IsWindows(), Environment.GetEnvironmentVariable("PATH") ?? "", File.Exists);
}
