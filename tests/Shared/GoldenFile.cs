using System.Text.Json;

namespace FocalSharp.TestSupport;

/// <summary>A golden manifest <c>X.json</c> with the tensors of <c>X.safetensors</c> beside it.</summary>
internal sealed class GoldenFile
{
    private GoldenFile(IReadOnlyList<GoldenCase> cases) => Cases = cases;

    /// <summary>The cases in the file's order; those of the small set first.</summary>
    public IReadOnlyList<GoldenCase> Cases { get; }

    /// <summary>Reads one file of a golden folder, of the small and the full set; skips the running test if neither has it.</summary>
    public static GoldenFile Require(string folder, string name) =>
        new([.. GoldenData.RequireEach(folder, name + ".json").SelectMany(path => Read(path).Cases)]);

    /// <summary>Reads every file of a golden folder, of the small and the full set; skips the running test if neither has it.</summary>
    public static IReadOnlyList<GoldenFile> RequireAll(string folder) => [.. GoldenData.RequireEach(folder).SelectMany(ReadAll)];

    /// <summary>Reads every manifest of a folder.</summary>
    /// <exception cref="InvalidDataException">Thrown when the folder has no manifest or one is not complete.</exception>
    public static IReadOnlyList<GoldenFile> ReadAll(string folder)
    {
        GoldenFile[] files = [.. Directory.GetFiles(folder, "*.json").Order(StringComparer.Ordinal).Select(Read)];
        return files.Length > 0 ? files : throw new InvalidDataException($"{folder}: the golden folder has no manifest.");
    }

    /// <summary>Reads a manifest and its tensors.</summary>
    /// <exception cref="InvalidDataException">Thrown when the manifest has no case, or does not name exactly the tensors of the file beside it.</exception>
    public static GoldenFile Read(string path)
    {
        Safetensors tensors = Safetensors.Load(Path.ChangeExtension(path, ".safetensors"));
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
        GoldenCase[] cases = [.. document.RootElement.Clone().GetProperty("cases").EnumerateArray().Select(element => new GoldenCase(element, tensors))];
        if (cases.Length == 0)
        {
            throw new InvalidDataException($"{path}: the golden manifest has no case.");
        }

        HashSet<string> named = [.. cases.SelectMany(golden => golden.Inputs.Concat(golden.Outputs).Select(name => $"{golden.Id}.{name}"))];
        string[] unmatched = [.. named.Except(tensors.Names), .. tensors.Names.Except(named)];
        return unmatched.Length == 0
            ? new GoldenFile(cases)
            : throw new InvalidDataException($"{path}: the golden manifest and its tensors do not match: {string.Join(", ", unmatched.Take(5))}.");
    }
}
