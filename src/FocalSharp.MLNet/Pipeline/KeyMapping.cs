using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace FocalSharp.MLNet.Pipeline;

/// <summary>Adds the key of the detector to each row.</summary>
[CustomMappingFactoryAttribute(Contract)]
internal sealed class KeyMapping : CustomMappingFactory<KeyMapping.Input, KeyMapping.Output>
{
    public const string Contract = "FocalSharp.Key";
    public const int Key = 1;

    public static void SetKey(Input input, Output output) => output.Key = Key;

    public override Action<Input, Output> GetMapping() => SetKey;

    internal sealed class Input
    {
    }

    internal sealed class Output
    {
        [ColumnName(Columns.Key)]
        public int Key { get; set; }
    }
}
