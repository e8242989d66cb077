namespace FocalSharp.Checkpoints.Pickling;

/// <summary>
/// Reads one pickle (protocols 0 to 5) into plain values. It imports and calls nothing: the few functions that build
/// tensors are recognized by name (<see cref="TorchGlobals"/>), every other class or call becomes a <see cref="Placeholder"/>.
/// Work and memory are bounded by the length of the stream.
/// </summary>
internal sealed class Unpickler
{
    private const int MaximumOperations = 4_000_000;
    private const int HighestProtocol = 5;

    private readonly PickleReader _reader;
    private readonly PickleStack _stack;
    private readonly TorchGlobals _globals;
    private readonly Dictionary<uint, object?> _memo = [];

    private Unpickler(PickleReader reader, TorchGlobals globals)
    {
        _reader = reader;
        _stack = new PickleStack(reader);
        _globals = globals;
    }

    /// <summary>Reads the pickle at the reader's position, up to and including STOP.</summary>
    /// <exception cref="ModelException">The pickle is malformed or exceeds a bound.</exception>
    public static object? Read(PickleReader reader, TorchGlobals globals) => new Unpickler(reader, globals).Run();

    private object? Run()
    {
        for (int operations = 0; operations < MaximumOperations; operations++)
        {
            PickleOpcode opcode = (PickleOpcode)_reader.ReadByte();
            if (opcode == PickleOpcode.Stop)
            {
                return _stack.Pop();
            }

            if (!(PushLiteral(opcode) || Collect(opcode) || Remember(opcode) || Construct(opcode)))
            {
                throw _reader.Broken($"0x{(byte)opcode:x2} is not a pickle operation");
            }
        }

        throw _reader.Broken($"it has more than {MaximumOperations} operations");
    }

    private bool PushLiteral(PickleOpcode opcode)
    {
        switch (opcode)
        {
            case PickleOpcode.None: _stack.Push(null); break;
            case PickleOpcode.NewTrue: _stack.Push(true); break;
            case PickleOpcode.NewFalse: _stack.Push(false); break;
            case PickleOpcode.BinInt: _stack.Push((long)_reader.ReadInt32()); break;
            case PickleOpcode.BinInt1: _stack.Push((long)_reader.ReadByte()); break;
            case PickleOpcode.BinInt2: _stack.Push((long)_reader.ReadUInt16()); break;
            case PickleOpcode.Long1: _stack.Push(_reader.ReadInteger(_reader.ReadByte())); break;
            case PickleOpcode.Long4: _stack.Push(_reader.ReadInteger(_reader.ReadInt32())); break;
            case PickleOpcode.Int or PickleOpcode.Long: _stack.Push(_reader.ReadIntegerLine()); break;
            case PickleOpcode.Float: _stack.Push(_reader.ReadDoubleLine()); break;
            case PickleOpcode.BinFloat: _stack.Push(_reader.ReadDoubleBigEndian()); break;
            case PickleOpcode.String: _stack.Push(_reader.ReadLine().Trim('\'', '"')); break;
            case PickleOpcode.Unicode: _stack.Push(_reader.ReadLine()); break;
            case PickleOpcode.BinString or PickleOpcode.BinUnicode: _stack.Push(_reader.ReadText((uint)_reader.ReadInt32())); break;
            case PickleOpcode.ShortBinString or PickleOpcode.ShortBinUnicode: _stack.Push(_reader.ReadText(_reader.ReadByte())); break;
            case PickleOpcode.BinUnicode8: _stack.Push(_reader.ReadText(_reader.ReadInt64())); break;
            case PickleOpcode.ShortBinBytes: _stack.Push(_reader.ReadBytes(_reader.ReadByte())); break;
            case PickleOpcode.BinBytes: _stack.Push(_reader.ReadBytes((uint)_reader.ReadInt32())); break;
            case PickleOpcode.BinBytes8 or PickleOpcode.ByteArray8: _stack.Push(_reader.ReadBytes(_reader.ReadInt64())); break;
            default: return false;
        }

        return true;
    }

    private bool Collect(PickleOpcode opcode)
    {
        switch (opcode)
        {
            case PickleOpcode.Mark: _stack.Mark(); break;
            case PickleOpcode.Pop: _stack.Drop(); break;
            case PickleOpcode.PopMark: _stack.PopToMark(); break;
            case PickleOpcode.Dup: _stack.Push(_stack.Peek()); break;
            case PickleOpcode.EmptyTuple: _stack.Push(PickleTuple.Empty); break;
            case PickleOpcode.EmptyList or PickleOpcode.EmptySet: _stack.Push(new PickleList()); break;
            case PickleOpcode.EmptyDict: _stack.Push(new PickleDict()); break;
            case PickleOpcode.Tuple: _stack.Push(new PickleTuple(_stack.PopToMark())); break;
            case PickleOpcode.Tuple1: _stack.Push(new PickleTuple([_stack.Pop()])); break;
            case PickleOpcode.Tuple2:
                (object? second, object? first) = (_stack.Pop(), _stack.Pop());
                _stack.Push(new PickleTuple([first, second]));
                break;
            case PickleOpcode.Tuple3:
                (object? c, object? b, object? a) = (_stack.Pop(), _stack.Pop(), _stack.Pop());
                _stack.Push(new PickleTuple([a, b, c]));
                break;
            case PickleOpcode.List or PickleOpcode.FrozenSet: PushFilled(new PickleList(), _stack.PopToMark()); break;
            case PickleOpcode.Dict: PushFilled(new PickleDict(), _stack.PopToMark()); break;
            case PickleOpcode.Append:
                object? item = _stack.Pop();
                Append(_stack.Peek(), [item]);
                break;
            case PickleOpcode.Appends or PickleOpcode.AddItems:
                object?[] items = _stack.PopToMark();
                Append(_stack.Peek(), items);
                break;
            case PickleOpcode.SetItem:
                (object? value, object? key) = (_stack.Pop(), _stack.Pop());
                SetItems(_stack.Peek(), [key, value]);
                break;
            case PickleOpcode.SetItems:
                object?[] pairs = _stack.PopToMark();
                SetItems(_stack.Peek(), pairs);
                break;
            default: return false;
        }

        return true;
    }

    private bool Remember(PickleOpcode opcode)
    {
        switch (opcode)
        {
            case PickleOpcode.BinPut: _memo[_reader.ReadByte()] = _stack.Peek(); break;
            case PickleOpcode.LongBinPut: _memo[(uint)_reader.ReadInt32()] = _stack.Peek(); break;
            case PickleOpcode.Put: _memo[LineIndex()] = _stack.Peek(); break;
            case PickleOpcode.Memoize: _memo[(uint)_memo.Count] = _stack.Peek(); break;
            case PickleOpcode.BinGet: _stack.Push(Recall(_reader.ReadByte())); break;
            case PickleOpcode.LongBinGet: _stack.Push(Recall((uint)_reader.ReadInt32())); break;
            case PickleOpcode.Get: _stack.Push(Recall(LineIndex())); break;
            default: return false;
        }

        return true;
    }

    private bool Construct(PickleOpcode opcode)
    {
        switch (opcode)
        {
            case PickleOpcode.Proto:
                byte protocol = _reader.ReadByte();
                if (protocol > HighestProtocol)
                {
                    throw _reader.Broken($"its protocol {protocol} is newer than {HighestProtocol}");
                }

                break;
            case PickleOpcode.Frame: _reader.ReadInt64(); break;
            case PickleOpcode.Global: _stack.Push(new PickleGlobal(_reader.ReadLine(), _reader.ReadLine())); break;
            case PickleOpcode.StackGlobal:
                (object? name, object? module) = (_stack.Pop(), _stack.Pop());
                _stack.Push(new PickleGlobal(module as string ?? "?", name as string ?? "?"));
                break;
            case PickleOpcode.Ext1: _stack.Push(_globals.Unknown($"copyreg extension {_reader.ReadByte()}")); break;
            case PickleOpcode.Ext2: _stack.Push(_globals.Unknown($"copyreg extension {_reader.ReadUInt16()}")); break;
            case PickleOpcode.Ext4: _stack.Push(_globals.Unknown($"copyreg extension {_reader.ReadInt32()}")); break;
            case PickleOpcode.PersId: _stack.Push(_globals.Storage(_reader.ReadLine(), _reader)); break;
            case PickleOpcode.BinPersId: _stack.Push(_globals.Storage(_stack.Pop(), _reader)); break;
            case PickleOpcode.Reduce or PickleOpcode.NewObj:
                (object? arguments, object? callee) = (_stack.Pop(), _stack.Pop());
                _stack.Push(_globals.Call(callee, arguments, _reader));
                break;
            case PickleOpcode.NewObjEx:
                _stack.Pop();
                (object? positional, object? type) = (_stack.Pop(), _stack.Pop());
                _stack.Push(_globals.Call(type, positional, _reader));
                break;
            case PickleOpcode.Inst:
                PickleGlobal instance = new(_reader.ReadLine(), _reader.ReadLine());
                _stack.Push(_globals.Call(instance, new PickleTuple(_stack.PopToMark()), _reader));
                break;
            case PickleOpcode.Obj:
                object?[] group = _stack.PopToMark();
                _stack.Push(group.Length == 0
                    ? throw _reader.Broken("an object has no class")
                    : _globals.Call(group[0], new PickleTuple(group[1..]), _reader));
                break;
            case PickleOpcode.Build:
                // Attributes of an object; only those of a NumPy array and of its type are needed.
                object? state = _stack.Pop();
                object? built = _stack.Peek();
                (built as PickledArray)?.SetState(state);
                (built as PickledDataType)?.SetState(state);
                break;
            case PickleOpcode.NextBuffer or PickleOpcode.ReadonlyBuffer:
                throw _reader.Broken("it requires buffers from outside the file");
            default: return false;
        }

        return true;
    }

    private void PushFilled(PickleList list, object?[] items)
    {
        list.Add(items);
        _stack.Push(list);
    }

    private void PushFilled(PickleDict dict, object?[] pairs)
    {
        SetItems(dict, pairs);
        _stack.Push(dict);
    }

    private void Append(object? target, object?[] items)
    {
        if (target is PickleList list)
        {
            list.Add(items);
        }
        else if (target is not Placeholder)
        {
            throw _reader.Broken("items are appended to something that is not a list");
        }
    }

    private void SetItems(object? target, object?[] pairs)
    {
        if (pairs.Length % 2 != 0)
        {
            throw _reader.Broken("a key has no value");
        }

        if (target is PickleDict dict)
        {
            for (int i = 0; i < pairs.Length; i += 2)
            {
                dict.Set(pairs[i], pairs[i + 1]);
            }
        }
        else if (target is not Placeholder)
        {
            throw _reader.Broken("entries are set on something that is not a dict");
        }
    }

    private uint LineIndex() =>
        uint.TryParse(_reader.ReadLine(), out uint index) ? index : throw _reader.Broken("a memo index is malformed");

    private object? Recall(uint index) =>
        _memo.TryGetValue(index, out object? value)
            ? value
            : throw _reader.Broken($"memo entry {index} is used before it is set");
}
