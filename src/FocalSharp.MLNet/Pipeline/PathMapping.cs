using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace FocalSharp.MLNet.Pipeline;

/// <summary>Detects objects in files.</summary>
[CustomMappingFactoryAttribute(Contract)]
internal sealed class PathMapping : CustomMappingFactory<PathMapping.Input, DetectedObjects>
{
    public const string Contract = "FocalSharp.PathMapping";

    public static void Detect(Input input, DetectedObjects output) => output.Set(EmbeddedDetector.Load(input.Detector), input.Image.ToString());

    public override Action<Input, DetectedObjects> GetMapping() => Detect;

    internal sealed class Input
    {
        [ColumnName(Columns.Image)]
        public ReadOnlyMemory<char> Image { get; set; }

        [ColumnName(Columns.Detector)]
        public ReadOnlyMemory<char> Detector { get; set; }
    }
}
