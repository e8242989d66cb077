namespace FocalSharp.IO;

/// <summary>The per-user folder for files that can be downloaded again.</summary>
internal static class CacheFolder
{
    /// <summary>The environment variable that sets another folder.</summary>
    public const string EnvironmentVariable = "FOCALSHARP_CACHE";

    private const string FolderName = "focalsharp";

    /// <summary>
    /// Returns <see cref="EnvironmentVariable"/> if it is set; else <c>%LOCALAPPDATA%\focalsharp</c> on Windows, <c>~/Library/Caches/focalsharp</c> on
    /// macOS, and by the XDG base directory specification <c>$XDG_CACHE_HOME/focalsharp</c>, by default <c>~/.cache/focalsharp</c>.
    /// </summary>
    /// <exception cref="FileException">The user has no home folder and the environment variable is not set.</exception>
    public static string Locate() => Locate(
        Environment.GetEnvironmentVariable,
        OperatingSystem.IsWindows() ? PlatformID.Win32NT : OperatingSystem.IsMacOS() ? PlatformID.MacOSX : PlatformID.Unix,
        Environment.GetFolderPath(
            OperatingSystem.IsWindows() ? Environment.SpecialFolder.LocalApplicationData : Environment.SpecialFolder.UserProfile));

    internal static string Locate(Func<string, string?> variable, PlatformID system, string home)
    {
        if (variable(EnvironmentVariable) is { Length: > 0 } chosen)
        {
            return Path.GetFullPath(chosen);
        }

        // The specification: a relative path is invalid and to be ignored.
        if (system == PlatformID.Unix && variable("XDG_CACHE_HOME") is { Length: > 0 } xdg && Path.IsPathRooted(xdg))
        {
            return Path.Combine(xdg, FolderName);
        }

        if (home.Length == 0)
        {
            throw new FileException($"This user has no home folder for cached files. Set the environment variable {EnvironmentVariable} to a folder.");
        }

        return system switch
        {
            PlatformID.Win32NT => Path.Combine(home, FolderName),
            PlatformID.MacOSX => Path.Combine(home, "Library", "Caches", FolderName),
            _ => Path.Combine(home, ".cache", FolderName),
        };
    }
}
