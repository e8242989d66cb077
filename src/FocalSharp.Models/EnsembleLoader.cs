using FocalSharp.Runtime;

namespace FocalSharp.Models;

/// <summary>Loads several models as one detector.</summary>
internal static class EnsembleLoader
{
    /// <summary>Loads the models.</summary>
    /// <param name="models">Run folders, weights, ONNX files or names of published models, at least one.</param>
    /// <param name="options">How to load and run them.</param>
    /// <returns>The model if there is one, else a detector that fuses their detections.</returns>
    /// <exception cref="FocalSharpException">A model cannot be loaded, or their classes differ.</exception>
    public static IDetector Load(IReadOnlyList<string> models, DetectorLoadOptions options)
    {
        if (models.Count == 1)
        {
            return DetectorLoader.Load(models[0], options);
        }

        List<IDetector> members = [];
        try
        {
            foreach (string model in models)
            {
                members.Add(DetectorLoader.Load(model, options));
            }

            return new EnsembleDetector(members, options.Detect);
        }
        catch
        {
            members.ForEach(member => member.Dispose());
            throw;
        }
    }
}
