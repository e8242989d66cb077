namespace FocalSharp.TestSupport;

/// <summary>The categories of tests: <c>[Trait(TestCategories.Trait, TestCategories.Slow)]</c>.</summary>
internal static class TestCategories
{
    /// <summary>The name of the trait.</summary>
    public const string Trait = "Category";

    /// <summary>Comparisons with stored outputs of the official implementations; <c>eng/golden</c> runs these alone.</summary>
    public const string Golden = "Golden";

    /// <summary>Tests that <c>dotnet test</c> leaves out and <c>.ci/run</c> runs; <c>-p:IncludeSlow=true</c> includes them.</summary>
    public const string Slow = "Slow";
}
