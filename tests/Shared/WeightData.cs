namespace FocalSharp.TestSupport;

/// <summary>Finds published weights with their reference outputs, which are not in the repository.</summary>
internal static class WeightData
{
    /// <summary>Returns the path of a file under <c>../shared/weights</c>; skips the running test if it is absent.</summary>
    public static string Require(params string[] parts)
    {
        string path = Path.Combine([RepositoryRoot.Path, "..", "shared", "weights", .. parts]);
        Assert.SkipUnless(Path.Exists(path), $"published weights not found: {Path.Combine(parts)} under ../shared/weights");
        return path;
    }
}
