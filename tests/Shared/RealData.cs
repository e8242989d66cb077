namespace FocalSharp.TestSupport;

/// <summary>Finds the real images that some tests use.</summary>
internal static class RealData
{
    /// <summary>Returns the path of a real data set under <c>../shared/data</c>; skips the running test if it is absent.</summary>
    public static string Require(params string[] parts)
    {
        string path = Path.Combine([RepositoryRoot.Path, "..", "shared", "data", .. parts]);
        Assert.SkipUnless(Path.Exists(path), $"real images not found: {Path.Combine(parts)} under ../shared/data");
        return path;
    }
}
